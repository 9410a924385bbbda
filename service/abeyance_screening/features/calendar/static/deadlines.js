// Takes a deadline, and records that a place was read.

import { record } from "/static/record.js";

const looker = document.getElementById("looker");

for (const button of document.querySelectorAll("[data-take]")) {
  button.addEventListener("click", () => {
    const row = button.closest("article");
    const status = row.querySelector("[role=status]");
    const name = looker.value.trim();
    if (!name) {
      status.textContent = "Type your name first.";
      looker.focus();
      return;
    }
    const measures = row.dataset.measures.trim().split(/\s+/);
    record(status, "/v1/deadlines/lookers", { measures, looker: name }, (said) => {
      button.previousElementSibling.textContent = said.looker;
      return "Taken.";
    });
  });
}

for (const button of document.querySelectorAll("[data-place]")) {
  button.addEventListener("click", () => {
    const status = button.closest("article").querySelector("[role=status]");
    const body = { place: button.dataset.place, until: document.body.dataset.today };
    record(status, "/v1/register/confirmations", body, (said) => {
      const waits = said.waiting_for.length ? ` It waits for ${said.waiting_for.join(", ")}.` : "";
      return `Read until ${said.until}.${waits}`;
    });
  });
}
