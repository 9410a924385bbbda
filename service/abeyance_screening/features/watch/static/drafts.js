// Confirms drafts: sends the event with what the person changed, and that a place was read, by the
// session of whoever is logged in, or with the key that was typed into this page and kept nowhere.

const key = document.getElementById("key");

async function send(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key.value && { authorization: `Bearer ${key.value}` }),
    },
    body: JSON.stringify(body),
  });
  return { ok: answer.ok, said: await answer.json() };
}

async function told(status, sending, done) {
  status.textContent = "Sending …";
  try {
    const { ok, said } = await sending();
    status.textContent = ok ? done(said) : `Not recorded: ${said.detail ?? said.title}`;
  } catch {
    status.textContent = "Not recorded: no connection.";
  }
}

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
    told(
      form.querySelector("[role=status]"),
      () => send(`/v1/measures/${measure}/events`, eventOf(form)),
      (said) => {
        form.querySelector("button").disabled = true;
        return `Recorded as ${said.event.id} of ${said.measure_id}.`;
      },
    );
  });
}

for (const button of document.querySelectorAll("[data-place]")) {
  button.addEventListener("click", () => {
    const body = { place: button.dataset.place, read_up_to: Number(button.dataset.upTo) };
    told(
      button.parentElement.querySelector("[role=status]"),
      () => send("/v1/register/confirmations", body),
      (said) => `Read until ${said.until}.`,
    );
  });
}
