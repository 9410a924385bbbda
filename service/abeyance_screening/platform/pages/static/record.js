// Records what a person says on a page: by the session of whoever is logged in, or with the key that
// was typed into its field `key` and that is kept nowhere. `status` shows what came of it.

const key = document.getElementById("key");

// Shows what `done` makes of an answer, or the fault that `faultIn` finds; returns whether it is done.
async function attempt(status, address, request, { done, faultIn, read }) {
  status.textContent = "Sending …";
  try {
    const answer = await fetch(address, { method: "POST", ...request });
    const said = read(await answer.text());
    status.textContent = answer.ok ? done(said) : `Not recorded: ${faultIn(said)}`;
    return answer.ok;
  } catch {
    status.textContent = "Not recorded: no connection.";
    return false;
  }
}

function faultOf(problem) {
  const fault = problem.errors?.[0];
  return fault ? `${fault.field} ${fault.reason}` : (problem.detail ?? problem.title);
}

// Sends a body of the API; without one, the address says all.
export function record(status, address, body, done) {
  const headers = {
    ...(body && { "content-type": "application/json" }),
    ...(key?.value && { authorization: `Bearer ${key.value}` }),
  };
  const request = { headers, body: body && JSON.stringify(body) };
  return attempt(status, address, request, { done, faultIn: faultOf, read: JSON.parse });
}

// Sends a form of the page as the browser would, and stays: `done` is given the page that comes.
export function recordForm(status, form, done) {
  const request = { headers: { accept: "text/html" }, body: new URLSearchParams(new FormData(form)) };
  return attempt(status, form.action, request, {
    done,
    faultIn: (page) => page.querySelector("main p")?.textContent.trim() ?? page.title,
    read: (text) => new DOMParser().parseFromString(text, "text/html"),
  });
}
