// Decides hits: sends what was chosen beside a hit, and shows what came of it. Letters choose.

import { isField, keysAreOn, speak } from "/static/desk.js";

// What the service says of it, or null with the reason shown.
async function sent(address, status, body) {
  status.textContent = "Sending …";
  try {
    const answer = await fetch(address, {
      method: "POST",
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const said = await answer.json();
    if (answer.ok) return said;
    const fault = said.errors?.[0];
    status.textContent = `Not done: ${fault ? `${fault.field} ${fault.reason}` : (said.detail ?? said.title)}`;
  } catch {
    status.textContent = "Not done: the service does not answer.";
  }
  return null;
}

function done(status, text, place) {
  status.textContent = text;
  speak(text, true);
  place.dispatchEvent(new CustomEvent("decided", { bubbles: true }));
}

async function decide(form) {
  const status = form.querySelector("[role=status]");
  const given = new FormData(form);
  const said = await sent("/v1/judgements", status, {
    counterparty: form.dataset.counterparty,
    listing: form.dataset.listing,
    decision: given.get("decision"),
    reason: given.get("reason").trim(),
    ...(given.get("until") && { until: given.get("until") }),
  });
  if (!said) return;
  const waits = said.items[0].state === "waiting";
  done(status, waits ? "Sent. It counts once somebody else approves it." : "Decided.", form);
}

async function answer(button) {
  const place = button.closest("[data-judgement]");
  const status = place.querySelector("[role=status]");
  const said = await sent(`/v1/judgements/${place.dataset.judgement}/${button.value}`, status);
  if (said) done(status, said.state === "holds" ? "Approved. It holds from now on." : "Refused.", place);
}

for (const form of document.querySelectorAll("form.decide")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    decide(form);
  });
  form.elements.reason.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

for (const button of document.querySelectorAll("[data-judgement] button")) {
  button.addEventListener("click", () => answer(button));
}

// A letter is for the decision at hand: that of the hit in focus, or the only one.
function atHand() {
  const forms = [...document.querySelectorAll("form.decide")];
  const hit = document.activeElement?.closest("section");
  return hit?.querySelector("form.decide") ?? (forms.length === 1 ? forms[0] : undefined);
}

document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
  const form = atHand();
  const choice = form?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (choice) {
    event.preventDefault();
    choice.checked = true;
    form.elements.reason.focus();
  }
});
