// Records what a person says on a page: by the session of whoever is logged in, or with the key that
// was typed into its field `key` and that is kept nowhere.

const key = document.getElementById("key");

// Sends a body, and tells in `status` what came of it: what `done` makes of the answer, or the fault.
export async function record(status, address, body, done) {
  status.textContent = "Sending …";
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key?.value && { authorization: `Bearer ${key.value}` }),
      },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    status.textContent = answer.ok ? done(said) : `Not recorded: ${said.detail ?? said.title}`;
  } catch {
    status.textContent = "Not recorded: no connection.";
  }
}
