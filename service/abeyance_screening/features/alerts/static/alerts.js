// Works through alerts: done, assign, comment and undo, by buttons or letters; marks what is new
// since this browser last looked.

import { isField, keysAreOn, speak } from "/static/desk.js";

const SEEN = "abeyance-alerts-seen";
const UNDO = "abeyance-alert-done";
const detail = document.getElementById("detail");
const acted = document.getElementById("acted");

function stored(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, String(value));
  } catch {
    // without browser storage nothing is marked as new, and nothing is undone by a key
  }
}

const events = [...document.querySelectorAll("[data-row][data-event]")];
const seen = Number(stored(SEEN));
for (const row of events.filter((each) => seen && Number(each.dataset.newest) > seen)) {
  const mark = Object.assign(document.createElement("span"), { className: "new", textContent: "new" });
  row.querySelector("a").append(" ", mark);
}
store(SEEN, Math.max(seen, ...events.map((each) => Number(each.dataset.newest))));

async function act(event, what, body) {
  try {
    const answer = await fetch(`/v1/alerts/${event}/${what}`, {
      method: "POST",
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (answer.ok) return true;
    const said = await answer.json();
    acted.textContent = `Not done: ${said.detail ?? said.title}`;
  } catch {
    acted.textContent = "Not done: the service does not answer.";
  }
  return false;
}

// The alerts that are marked, or else the one that is shown.
function chosen() {
  const marked = events.filter((each) => each.querySelector(".mark:checked"));
  return (marked.length ? marked : [detail]).map((each) => each.dataset);
}

// The inbox goes on with the alert after the one that is shown, or with the first that is left.
function goOn(done) {
  const at = events.findIndex((each) => each.dataset.event === detail.dataset.event);
  const left = [...events.slice(at), ...events].find((each) => !done.includes(each.dataset.event));
  location.assign(left ? left.querySelector("a").href : location.pathname + location.search);
}

const BODIES = {
  // of those that are shown: what came meanwhile is not done unseen
  acknowledge: (shown) => ({ changes: Number(shown.changes) }),
  assign: () => ({ to: detail.dataset.me }),
  reopen: () => undefined,
};

async function press(what) {
  const done = [];
  for (const shown of chosen()) {
    if (!(await act(shown.event, what, BODIES[what](shown)))) break;
    done.push(shown.event);
  }
  if (!done.length) return;
  if (what === "acknowledge") {
    store(UNDO, done.join(","));
    speak(done.length === 1 ? "Done" : `${done.length} done`, true);
    goOn(done);
  } else if (what === "assign") {
    location.reload();
  } else {
    location.assign(`/alerts?event=${done[0]}`);
  }
}

for (const button of document.querySelectorAll("button[data-act]")) {
  button.addEventListener("click", () => press(button.dataset.act));
}

document.querySelector("form.comment")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const comment = event.target.elements.comment.value.trim();
  if (comment && (await act(detail.dataset.event, "comments", { comment }))) location.reload();
});

document.addEventListener("decided", () => setTimeout(() => location.reload(), 600));

async function undo() {
  const done = stored(UNDO).split(",").filter(Number);
  for (const event of done) if (!(await act(event, "reopen"))) return;
  if (done.length) {
    store(UNDO, "");
    location.assign(`/alerts?event=${done[0]}`);
  }
}

function mark() {
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector(".inbox .here");
  row?.querySelector(".mark")?.click();
}

document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (button) button.click();
  else if (event.key === "z") undo();
  else if (event.key === "m") mark();
});
