// Takes a deadline, and records that a place was read: by the session of whoever is logged in, or with
// the key that was typed into this page and that is kept nowhere.

const key = document.getElementById("key");
const looker = document.getElementById("looker");

async function send(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key?.value && { authorization: `Bearer ${key.value}` }),
    },
    body: JSON.stringify(body),
  });
  return { ok: answer.ok, said: await answer.json() };
}

async function told(row, sending, done) {
  const status = row.querySelector("[role=status]");
  status.textContent = "Sending …";
  try {
    const { ok, said } = await sending();
    status.textContent = ok ? done(said) : `Not recorded: ${said.detail ?? said.title}`;
  } catch {
    status.textContent = "Not recorded: no connection.";
  }
}

for (const button of document.querySelectorAll("[data-take]")) {
  button.addEventListener("click", () => {
    const row = button.closest("article");
    const name = looker.value.trim();
    if (!name) {
      row.querySelector("[role=status]").textContent = "Type your name first.";
      looker.focus();
      return;
    }
    const measures = row.dataset.measures.trim().split(/\s+/);
    told(row, () => send("/v1/deadlines/lookers", { measures, looker: name }), (said) => {
      button.previousElementSibling.textContent = said.looker;
      return "Taken.";
    });
  });
}

for (const button of document.querySelectorAll("[data-place]")) {
  button.addEventListener("click", () => {
    const row = button.closest("article");
    const body = { place: button.dataset.place, until: document.body.dataset.today };
    told(row, () => send("/v1/register/confirmations", body), (said) => {
      const waits = said.waiting_for.length ? ` It waits for ${said.waiting_for.join(", ")}.` : "";
      return `Read until ${said.until}.${waits}`;
    });
  });
}
