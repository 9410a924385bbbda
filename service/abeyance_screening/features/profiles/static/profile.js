// Chooses whose lists are required: by the session of whoever is logged in, or with the key that was
// typed into this page and that is kept nowhere.

const form = document.getElementById("profile");
const key = document.getElementById("key");
const status = form.querySelector("[role=status]");

function ticked(name) {
  return [...form.querySelectorAll(`[name=${name}]:checked`)].map((each) => each.value);
}

async function choose() {
  status.textContent = "Sending …";
  try {
    const answer = await fetch("/v1/profiles/installation", {
      method: "PUT",
      headers: {
        "content-type": "application/json",
        ...(key?.value && { authorization: `Bearer ${key.value}` }),
      },
      body: JSON.stringify({
        profiles: ticked("profiles"),
        required: ticked("required"),
        because: form.elements.because.value.trim(),
      }),
    });
    const said = await answer.json();
    if (answer.ok) {
      const what = said.profiles.join(", ") || (said.required.length ? "lists by hand" : "no profile");
      status.textContent = `Chosen: ${what}. Every process answers by it within half a minute.`;
    } else {
      status.textContent = `Not chosen: ${said.detail ?? said.title}`;
    }
  } catch {
    status.textContent = "Not chosen: no connection.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  choose();
});
