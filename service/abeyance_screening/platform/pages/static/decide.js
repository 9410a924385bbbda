// Decides hits, and approves or refuses what others decided, and stays on the page: sends the form
// beside a hit, and shows what came of it. Letters choose. What is done is told by the event `decided`.

import { isField, keysAreOn, speak } from "/static/desk.js";
import { recordForm } from "/static/record.js";

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

// An answer of the search page comes and goes, so the document listens for all of them.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.decide, form.second-look")) return;
  event.preventDefault();
  decide(event.target);
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
