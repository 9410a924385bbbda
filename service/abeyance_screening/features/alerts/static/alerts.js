// Works through alerts: done, assign, comment and undo, by buttons or letters; marks what is new
// since this browser last looked.

import { isField, keysAreOn, speak } from "/static/desk.js";

const SEEN = "abeyance-alerts-seen";
const UNDO = "abeyance-alert-done";
const detail = document.getElementById("detail");
const acted = document.getElementById("acted");

function stored(name) {
  try {
    return Number(localStorage.getItem(name)) || 0;
  } catch {
    return 0;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, String(value));
  } catch {
    // without browser storage nothing is marked as new
  }
}

const events = [...document.querySelectorAll("[data-row][data-event]")];
const seen = stored(SEEN);
for (const row of events.filter((each) => seen && Number(each.dataset.event) > seen)) {
  const mark = Object.assign(document.createElement("span"), { className: "new", textContent: "new" });
  row.querySelector("a").append(" ", mark);
}
store(SEEN, Math.max(seen, ...events.map((each) => Number(each.dataset.event))));

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

// The inbox goes on with the alert after the one that is done.
function goOn() {
  const at = events.findIndex((each) => each.dataset.event === detail.dataset.event);
  const next = events[at + 1] ?? events[at - 1];
  location.assign(next ? next.querySelector("a").href : location.pathname);
}

const BODIES = {
  acknowledge: () => ({}),
  assign: () => ({ to: detail.dataset.me }),
  reopen: () => undefined,
};

async function press(what) {
  const { event } = detail.dataset;
  if (!(await act(event, what, BODIES[what]()))) return;
  if (what === "acknowledge") {
    store(UNDO, event);
    speak("Done", true);
    goOn();
  } else {
    location.assign(`/alerts?event=${event}`);
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
  const event = stored(UNDO);
  if (event && (await act(event, "reopen"))) {
    store(UNDO, 0);
    location.assign(`/alerts?event=${event}`);
  }
}

document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (button) button.click();
  else if (event.key === "z") undo();
});
