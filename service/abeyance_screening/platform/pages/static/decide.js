// Decides hits and stays on the page: sends the form beside a hit, and shows what came of it. Letters
// choose. What is done is told by the event `decided`.

import { isField, keysAreOn, speak } from "/static/desk.js";
import { record, recordForm } from "/static/record.js";

function told(place, status) {
  const said = status.textContent;
  speak(said, true);
  place.dispatchEvent(new CustomEvent("decided", { bubbles: true, detail: said }));
}

async function decide(form) {
  const status = form.querySelector("[role=status]");
  const isDone = await recordForm(status, form, (page) => page.getElementById("said").textContent);
  if (isDone) told(form, status);
}

const ANSWERS = { holds: "Approved. It holds from now on.", refused: "Refused." };

async function answer(button) {
  const place = button.closest("[data-judgement]");
  const status = place.querySelector("[role=status]");
  const address = `/v1/judgements/${place.dataset.judgement}/${button.value}`;
  if (await record(status, address, undefined, (said) => ANSWERS[said.state])) told(place, status);
}

// An answer of the search page comes and goes, so the document listens for all of them.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.decide")) return;
  event.preventDefault();
  decide(event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-judgement] button");
  if (button) answer(button);
});

// A letter is for the decision at hand: that of the hit in focus, or the only one.
function atHand() {
  const forms = [...document.querySelectorAll("form.decide")];
  const hit = document.activeElement?.closest(".party, section");
  return hit?.querySelector("form.decide") ?? (forms.length === 1 ? forms[0] : undefined);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const typed = event.target.closest("form.decide [name=reason]");
    if (typed) typed.form.requestSubmit();
  }
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
  const form = atHand();
  const choice = form?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (choice) {
    event.preventDefault();
    form.closest("details")?.setAttribute("open", "");
    choice.checked = true;
    form.elements.reason.focus();
  }
});
