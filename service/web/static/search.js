// Answers as you type: fetches the page for the current form and replaces the answer on this one.
// A late answer to an older question is dropped; the address bar holds the state.

import { speak } from "./desk.js";

const ASK_AFTER_MS = 120;
const form = document.getElementById("search");
const nameBox = document.getElementById("name");
const REPLACED = ["answer", "steps", "as_of_words", "known_at_words", "kept"];

let waiting = 0;
let asked = 0;
let shown = 0;

function addressOf(isTyping) {
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
  const lasting = query.toString();
  if (isTyping) {
    query.append("typing", "1");
  }
  const path = form.getAttribute("action");
  return { ask: `${path}?${query}`, keep: lasting ? `${path}?${lasting}` : path };
}

function replace(page) {
  if (!page.getElementById("answer")) {
    // an error page: show its text in place of the answer
    const fault = page.getElementById("main")?.childNodes ?? [];
    document.getElementById("answer").replaceChildren(...fault);
    return;
  }
  for (const id of REPLACED) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) {
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
  answer.removeAttribute("aria-busy");
  if (answer.dataset.spoken) {
    speak(answer.dataset.spoken, answer.dataset.outcome !== "hits");
  }
}

function stale() {
  const answer = document.getElementById("answer");
  answer.classList.add("waiting");
  if (!answer.querySelector(".stamp")) {
    const stamp = document.createElement("p");
    stamp.className = "refused stamp";
    stamp.setAttribute("role", "alert");
    const at = new Date().toTimeString().slice(0, 5);
    stamp.textContent = `No connection. This is the last answer; it could not be renewed at ${at}.`;
    answer.prepend(stamp);
  }
}

async function ask(address, keep, mode) {
  const number = ++asked;
  document.getElementById("answer").setAttribute("aria-busy", "true");
  let text;
  try {
    const response = await fetch(address, { headers: { accept: "text/html" } });
    text = await response.text();
  } catch {
    if (number === asked) {
      stale();
    }
    return;
  }
  if (number < shown) {
    return;
  }
  shown = number;
  replace(new DOMParser().parseFromString(text, "text/html"));
  if (mode === "push") {
    history.pushState(null, "", keep);
  } else {
    history.replaceState(null, "", keep);
  }
  announce();
}

function askForm(isTyping, mode = "replace") {
  clearTimeout(waiting);
  const { ask: address, keep } = addressOf(isTyping);
  ask(address, keep, mode);
}

form.addEventListener("input", (event) => {
  clearTimeout(waiting);
  const isDay = event.target.type === "date";
  if (isDay && event.target.validity.badInput) {
    // the date is not complete yet; an empty field would leave the day open
    return;
  }
  waiting = setTimeout(() => askForm(event.target === nameBox), ASK_AFTER_MS);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  askForm(false);
});

function setDays(address) {
  const query = new URL(address, location.href).searchParams;
  for (const id of ["as_of", "known_at", "at"]) {
    document.getElementById(id).value = query.get(id) ?? "";
  }
}

// Days and answers are links: without this script they load the whole page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#chips a, #steps a, a[data-answer], a[data-pick]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  const again = link.dataset.key ? `[data-key="${link.dataset.key}"]` : null;
  const row = link.closest("[data-row]")?.id;
  const place = [...(link.parentElement?.querySelectorAll("a") ?? [])].indexOf(link);
  setDays(link.href);
  ask(link.getAttribute("href"), link.getAttribute("href"), "replace").then(() => {
    const home = row ? document.getElementById(row)?.querySelectorAll("a[data-answer]")[place] : null;
    (home ?? (again ? document.querySelector(again) : null))?.focus({ preventScroll: true });
  });
});

nameBox.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    return;
  }
  event.preventDefault();
  if (nameBox.value === "") {
    nameBox.blur();
  } else {
    nameBox.value = "";
    askForm(true);
  }
});

addEventListener("popstate", () => location.reload());
nameBox.setSelectionRange(nameBox.value.length, nameBox.value.length);
