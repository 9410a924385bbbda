// Confirms drafts: sends the event with what the person changed, and that a place was read.

import { record } from "/static/record.js";

function eventOf(form) {
  const field = form.elements;
  const event = { ...JSON.parse(form.dataset.event), kind: field.kind.value, confidence: "verified_primary" };
  for (const name of ["effective_on", "until", "until_bound"]) {
    delete event[name];
    if (field[name].value) event[name] = field[name].value;
  }
  if (field.english?.value) event.note = `In English: ${field.english.value.trim()}`;
  if (event.until) event.until_state = "stated";
  if (event.kind !== "announce" && !event.kind.startsWith("announce_")) {
    event.published_on ??= event.announced_on;
    delete event.announced_on;
  }
  return event;
}

for (const form of document.querySelectorAll("form.draft")) {
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    const measure = encodeURIComponent(form.elements.measure.value.trim());
    const status = form.querySelector("[role=status]");
    record(status, `/v1/measures/${measure}/events`, eventOf(form), (said) => {
      form.querySelector("button").disabled = true;
      return `Recorded as ${said.event.id} of ${said.measure_id}.`;
    });
  });
}

for (const button of document.querySelectorAll("[data-place]")) {
  button.addEventListener("click", () => {
    const body = { place: button.dataset.place, read_up_to: Number(button.dataset.upTo) };
    const status = button.parentElement.querySelector("[role=status]");
    record(status, "/v1/register/confirmations", body, (said) => `Read until ${said.until}.`);
  });
}
