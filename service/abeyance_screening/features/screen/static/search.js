// Answers as you type: fetches the page for the current form and replaces the answer on this one.
// While an answer is on its way, the last one is dimmed; under another name it is hidden, so that no
// name stands above the answer to another. A late answer to an older question is dropped. A question
// has a name in it, so it is sent in the body of a request, and kept in the state of the browser's
// history, which no server sees.

import { speak } from "./desk.js";
import { remember, showRecent } from "./recent.js";

const ASK_AFTER_MS = 120;
const PROGRESS_AFTER_MS = 300;
// Where a question waits for somebody who must log in first.
const WAITS = "abeyance-question";
const form = document.getElementById("search");
const REPLACED = ["answer", "steps", "as_of_words", "known_at_words", "kept"];
// What is said of the name, which a new name starts without.
const FOLDS = ["owners", "goods"];
const progress = document.getElementById("progress");

let waiting = 0;
let asked = 0;
let late = 0;
let current = "";

function nameBox() {
  return document.getElementById("name");
}

function questionOf() {
  const query = new URLSearchParams();
  const owners = [...form.querySelectorAll("[name=owner]")];
  for (const [name, value] of new FormData(form)) {
    const text = value.trim();
    if (text === "" || name === "owner" || name === "share") {
      continue;
    }
    query.append(name, text);
  }
  const shares = form.querySelectorAll("[name=share]");
  owners.forEach((owner, place) => {
    if (owner.value.trim() !== "") {
      query.append("owner", owner.value.trim());
      query.append("share", shares[place].value.trim() || "?");
    }
  });
  return query.toString();
}

// Keeps the question with this place of the history, and takes it out of the address bar.
function keep(question) {
  current = question;
  history.replaceState({ question }, "", form.getAttribute("action"));
}

function kept() {
  return history.state?.question ?? "";
}

// The question after `#` in a copied link; the places of a page have names without `=`.
function questionInAddress() {
  const asked = location.hash.slice(1);
  return asked.includes("=") ? asked : "";
}

function logIn(question) {
  try {
    sessionStorage.setItem(WAITS, question);
  } catch {
    // without browser storage the question is typed again
  }
  location.assign(form.getAttribute("action"));
}

function waited() {
  try {
    const question = sessionStorage.getItem(WAITS) ?? "";
    sessionStorage.removeItem(WAITS);
    return question;
  } catch {
    return "";
  }
}

function nameIn(question) {
  return new URLSearchParams(question).get("name") ?? "";
}

// From now on only the answer to a question about this name counts; returns its number.
function wait(name) {
  const answer = document.getElementById("answer");
  answer.setAttribute("aria-busy", "true");
  answer.classList.toggle("another", nameIn(answer.dataset.question) !== name);
  progress.textContent = name === "" ? "" : `Looking up “${name}” …`;
  late ||= setTimeout(() => {
    progress.hidden = false;
    speak(progress.textContent, true);
  }, PROGRESS_AFTER_MS);
  asked += 1;
  return asked;
}

function arrived() {
  clearTimeout(late);
  late = 0;
  progress.hidden = true;
  document.getElementById("answer").removeAttribute("aria-busy");
}

function replace(page, isWhole) {
  if (isWhole && page.getElementById("search")) {
    const focused = form.contains(document.activeElement) ? document.activeElement.id : "";
    form.replaceChildren(...[...page.getElementById("search").childNodes].map((each) => document.adoptNode(each)));
    document.getElementById(focused)?.focus();
  }
  if (!page.getElementById("answer")) {
    // an error page: show its text in place of the answer
    const fault = page.getElementById("main")?.childNodes ?? [];
    const answer = document.getElementById("answer");
    answer.replaceChildren(...fault);
    answer.dataset.question = current;
    answer.classList.remove("another");
    return;
  }
  for (const id of REPLACED) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) {
      old.replaceWith(document.adoptNode(fresh));
    }
  }
  for (const id of FOLDS) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && !old.contains(document.activeElement)) {
      fresh.open = old.open;
      old.replaceWith(document.adoptNode(fresh));
    }
  }
  const faults = document.querySelectorAll("main > .refused");
  faults.forEach((each) => each.remove());
  const fresh = [...page.querySelectorAll("main > .refused")];
  document.getElementById("main").prepend(...fresh.map((each) => document.adoptNode(each)));
  document.title = page.title;
}

function announce() {
  const answer = document.getElementById("answer");
  if (answer.dataset.spoken) {
    speak(answer.dataset.spoken, answer.dataset.outcome !== "hits");
  }
}

function stale(name) {
  const answer = document.getElementById("answer");
  answer.classList.add("waiting");
  answer.querySelector(".stamp")?.remove();
  const stamp = document.createElement("p");
  stamp.className = "refused stamp";
  stamp.setAttribute("role", "alert");
  const at = new Date().toTimeString().slice(0, 5);
  stamp.textContent = answer.classList.contains("another")
    ? `No connection. “${name}” could not be looked up at ${at}.`
    : `No connection. This is the last answer; it could not be renewed at ${at}.`;
  answer.prepend(stamp);
}

// `isWhole`: the form is filled from the answer too, as another name is asked about.
async function ask(question, { isTyping = false, isWhole = false } = {}) {
  const name = nameIn(question);
  const number = wait(name);
  // at once: who leaves before the answer comes back to this question
  keep(question);
  let text;
  try {
    const body = new URLSearchParams(question);
    if (isTyping) {
      body.append("typing", "1");
    }
    const response = await fetch(form.getAttribute("action"), {
      method: "POST",
      body,
      headers: { accept: "text/html" },
      cache: "no-store",
    });
    if (response.status === 401) {
      logIn(question);
      return;
    }
    text = await response.text();
  } catch {
    if (number === asked) {
      arrived();
      stale(name);
    }
    return;
  }
  if (number !== asked) {
    return;
  }
  replace(new DOMParser().parseFromString(text, "text/html"), isWhole);
  arrived();
  // without what belongs to another name
  keep(document.getElementById("answer").dataset.question);
  announce();
  showRecent(askAbout);
  remember(document.getElementById("answer").dataset.outcome ? name : "", { now: !isTyping });
}

// Asks about a name of the list on the empty page.
function askAbout(name) {
  nameBox().value = name;
  nameBox().focus();
  askForm(false);
}

function askForm(isTyping) {
  clearTimeout(waiting);
  ask(questionOf(), { isTyping });
}

form.addEventListener("input", (event) => {
  clearTimeout(waiting);
  const isDay = event.target.type === "date";
  if (isDay && event.target.validity.badInput) {
    // the date is not complete yet; an empty field would leave the day open
    return;
  }
  wait(nameBox().value.trim());
  waiting = setTimeout(() => askForm(event.target === nameBox()), ASK_AFTER_MS);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  askForm(false);
});

function setDays(query) {
  for (const id of ["as_of", "known_at", "at"]) {
    document.getElementById(id).value = query.get(id) ?? "";
  }
}

// Days, orders and answers are buttons: without this script they load the whole page.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[form=asking]");
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  clearTimeout(waiting);
  const again = button.dataset.key ? `[data-key="${button.dataset.key}"]` : null;
  const row = button.closest("[data-row]")?.id;
  const place = [...(button.parentElement?.querySelectorAll("button") ?? [])].indexOf(button);
  const query = new URLSearchParams(button.value);
  const isWhole = (query.get("name") ?? "") !== nameBox().value.trim();
  setDays(query);
  ask(button.value, { isWhole }).then(() => {
    if (document.activeElement !== document.body) {
      // somebody went elsewhere while the answer was under way
      return;
    }
    const home = row ? document.getElementById(row)?.querySelectorAll("button[data-answer]")[place] : null;
    (home ?? (again ? document.querySelector(again) : null))?.focus({ preventScroll: true });
  });
});

form.addEventListener("keydown", (event) => {
  const box = nameBox();
  if (event.key !== "Escape" || event.target !== box) {
    return;
  }
  event.preventDefault();
  if (box.value === "") {
    box.blur();
  } else {
    box.value = "";
    askForm(true);
  }
});

// A decision about a party of the answer is shown in its place.
document.addEventListener("decided", async (event) => {
  const place = event.target.closest("[id]").id;
  await ask(current);
  speak(event.detail, true);
  document.getElementById(place)?.querySelector("summary")?.focus({ preventScroll: true });
});

// Asks again what this place of the history was about, or what a copied link asks.
async function askAgain(question) {
  await ask(question, { isWhole: true });
  const box = nameBox();
  box.setSelectionRange(box.value.length, box.value.length);
}

addEventListener("popstate", (event) => {
  if (event.state && event.state.question !== current) {
    askAgain(event.state.question);
  }
});

// A link within the page has made a place of the history without a question, or somebody has
// opened a copied link here.
addEventListener("hashchange", () => {
  if (questionInAddress()) {
    askAgain(questionInAddress());
  } else if (history.state === null) {
    history.replaceState({ question: current }, "");
  }
});

const box = nameBox();
const isAnswered = box.defaultValue !== "";
box.setSelectionRange(box.value.length, box.value.length);
const wanted = questionInAddress() || (!isAnswered && (kept() || waited()));
if (wanted) {
  askAgain(wanted);
} else if (isAnswered) {
  keep(document.getElementById("answer").dataset.question);
}
showRecent(askAbout);
