// The names looked up last, kept in this browser alone: shown on the empty page, and forgotten there.

const KEPT = "abeyance-recent";
const MOST = 8;
// A name counts as looked up once its answer has been there for so long, or was asked for by Enter.
const LOOKED_AT_MS = 3000;

let waiting = 0;

function names() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    // without browser storage nothing is remembered
    return [];
  }
}

function keep(list) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(list));
  } catch {
    // as above
  }
}

function add(name) {
  keep([name, ...names().filter((each) => each !== name)].slice(0, MOST));
}

// Remembers a name whose answer is shown, unless another one is asked about first.
export function remember(name, { now = false } = {}) {
  clearTimeout(waiting);
  if (name === "") {
    return;
  }
  if (now) {
    add(name);
  } else {
    waiting = setTimeout(() => add(name), LOOKED_AT_MS);
  }
}

// Fills the list of the empty page, where that is shown.
export function showRecent(askAbout) {
  const section = document.getElementById("recent");
  if (!section) {
    return;
  }
  const list = names();
  section.hidden = list.length === 0;
  section.querySelector("ul").replaceChildren(
    ...list.map((name) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = name;
      button.addEventListener("click", () => askAbout(name));
      item.append(button);
      return item;
    }),
  );
  section.querySelector("[data-forget]").onclick = () => {
    keep([]);
    section.hidden = true;
    document.getElementById("name").focus();
  };
}
