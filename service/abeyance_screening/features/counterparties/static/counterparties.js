// Watches the counterparties of a table: has it read by the service, and sends its rows in parts.

// The service takes so many rows at once.
const AT_ONCE = 200;
const JSON_BODY = { "content-type": "application/json" };
const input = document.getElementById("table");
const drop = document.getElementById("drop");
const taken = document.getElementById("taken");
const leftOut = document.getElementById("left-out");

async function asked(address, body, headers = {}) {
  const answer = await fetch(address, { method: "POST", body, headers });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.errors?.[0]?.reason ?? said.detail ?? said.title ?? "it was refused");
  return said;
}

function leave(text) {
  leftOut.append(Object.assign(document.createElement("li"), { textContent: text }));
}

async function take(file) {
  leftOut.replaceChildren();
  taken.textContent = `Reading ${file.name} …`;
  try {
    const form = new FormData();
    form.append("file", file);
    const read = await asked("/spreadsheet/read", form);
    let changed = 0;
    let seen = 0;
    for (let first = 0; first < read.rows.length; first += AT_ONCE) {
      const part = {
        name: read.name,
        described: read.described,
        columns: read.columns,
        fields: read.guessed,
        rows: read.rows.slice(first, first + AT_ONCE),
      };
      const { counterparties, refused } = await asked("/spreadsheet/counterparties", JSON.stringify(part), JSON_BODY);
      refused.forEach((each) => leave(`Row ${each.row}: ${each.reason}`));
      const lines = counterparties.map((each) => JSON.stringify(each)).join("\n");
      const done = await asked("/v1/counterparties", lines, { "content-type": "application/x-ndjson" });
      done.faults.forEach((each) => leave(`${counterparties[each.line - 1].name}: ${each.field} ${each.reason}`));
      changed += done.changed;
      seen += part.rows.length;
      taken.textContent = `${seen} of ${read.rows.length} rows: ${changed} new or changed, ${leftOut.children.length} left out.`;
    }
    taken.append(" ", Object.assign(document.createElement("a"), { href: "/counterparties", textContent: "Show all" }));
  } catch (error) {
    taken.textContent = `Not taken: ${error.message}`;
  }
}

input.addEventListener("change", () => input.files.length && take(input.files[0]));
for (const name of ["dragover", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    if (name === "drop" && event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
  });
}
