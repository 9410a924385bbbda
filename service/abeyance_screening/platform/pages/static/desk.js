// Keyboard keys and their dialog, copying a link, printing. No answer needs this script.

const SPEAK_AFTER_MS = 800;
const KEYS_OFF = "abeyance-keys-off";
let speaking = 0;

document.documentElement.classList.add("scripted");

export function speak(text, soon = false) {
  clearTimeout(speaking);
  const say = () => {
    document.getElementById("spoken").textContent = text;
  };
  speaking = setTimeout(say, soon ? 0 : SPEAK_AFTER_MS);
}

function remembered() {
  try {
    return localStorage.getItem(KEYS_OFF) === "1";
  } catch {
    return false;
  }
}

function remember(isOff) {
  try {
    localStorage.setItem(KEYS_OFF, isOff ? "1" : "0");
  } catch {
    // without browser storage the choice holds for this page only
  }
}

const dialog = document.getElementById("keys");
const keysOn = document.getElementById("keys-on");
keysOn.checked = !remembered();
keysOn.addEventListener("change", () => remember(!keysOn.checked));

export function keysAreOn() {
  return keysOn.checked;
}

document.getElementById("keys-open").addEventListener("click", () => dialog.showModal());

async function copyLink() {
  const holder = document.querySelector("[data-lasting]");
  // a question has a name in it: after `#` no browser sends it to anybody
  const question = document.querySelector("[data-lasting-question]")?.dataset.lastingQuestion;
  const link = question === undefined ? (holder?.dataset.lasting ?? location.href) : `/#${question}`;
  const address = new URL(link, location.href).href;
  const isCopied = await put(address);
  speak(isCopied ? "Link copied" : "The link could not be copied", true);
  return isCopied;
}

// A page served without HTTPS has no clipboard API: copy from a selected field instead.
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    return isCopied;
  }
}

// Paper cannot be unfolded: open every fold before printing.
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details.unfold")) {
    each.open = true;
  }
});

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility?.() ?? true);
}

// The place `by` further in a list, which ends at both ends; from outside it, the first or the last.
export function placeAfter(at, by, length) {
  return at < 0 ? (by > 0 ? 0 : length - 1) : Math.min(Math.max(at + by, 0), length - 1);
}

function step(by) {
  const all = rows();
  if (all.length === 0) {
    return;
  }
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = placeAfter(at, by, all.length);
  const target = all[next].querySelector("a, button, summary") ?? all[next];
  target.focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function follow(key) {
  const target = document.querySelector(`[data-key="${key}"]`);
  if (target) {
    target.click();
  }
}

const ACTIONS = {
  "/": () => document.getElementById("name")?.focus(),
  d: () => document.getElementById("as_of")?.focus(),
  "[": () => follow("["),
  "]": () => follow("]"),
  t: () => follow("t"),
  j: () => step(1),
  k: () => step(-1),
  y: () => copyLink(),
  p: () => follow("p") ?? undefined,
  "?": () => dialog.showModal(),
};

export function isField(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), select, textarea, dialog") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
    return;
  }
  if (!keysOn.checked || isField(event.target) || !(event.key in ACTIONS)) {
    return;
  }
  event.preventDefault();
  ACTIONS[event.key]();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) {
    return;
  }
  event.preventDefault();
  if (button.dataset.do === "print") {
    print();
  } else if (button.dataset.do === "copy") {
    const before = button.textContent;
    button.textContent = (await copyLink()) ? "Copied" : "Not copied";
    setTimeout(() => {
      button.textContent = before;
    }, 1500);
  }
});
