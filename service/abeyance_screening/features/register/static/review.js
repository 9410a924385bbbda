// Signs measures off: sends what a reader has read to the operators' endpoint, with the key that
// was typed into this page and that is kept nowhere.

const reader = document.getElementById("reader");
const key = document.getElementById("key");

async function send(measure, note) {
  const answer = await fetch("/v1/register/reviews", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key.value}` },
    body: JSON.stringify({
      measure_id: measure,
      ...(reader.value.trim() && { by: reader.value.trim() }),
      ...(note.trim() && { note: note.trim() }),
    }),
  });
  return { ok: answer.ok, said: await answer.json() };
}

async function sign(form) {
  const status = form.querySelector("[role=status]");
  if (!key.value) {
    status.textContent = "Type the operator's key first.";
    key.focus();
    return;
  }
  status.textContent = "Sending …";
  try {
    const { ok, said } = await send(form.dataset.measure, form.elements.note.value);
    if (!ok) {
      status.textContent = `Not signed: ${said.detail ?? said.title}`;
      return;
    }
    const { reviewed_by: by, reviewed_on: on } = said.review;
    const day = new Date(`${on}T00:00:00Z`);
    const words = day.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    const line = form.closest("article").querySelector("[data-signed]");
    line.textContent = `Reviewed by ${by} on ${words}.`;
    line.classList.add("marked");
    status.textContent = "Signed off.";
  } catch {
    status.textContent = "Not signed: no connection.";
  }
}

for (const form of document.querySelectorAll("form.sign")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sign(form);
  });
}
