// "Only what touches my last spreadsheet": the spreadsheet page stores the ids of the measures that
// reach its hits in this tab, and no name.

const KEY = "abeyance-spreadsheet-measures";

function mine() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "null"));
  } catch {
    return new Set();
  }
}

const ids = mine();
const button = document.getElementById("mine");

function show(isOn) {
  button.setAttribute("aria-pressed", String(isOn));
  let shown = 0;
  for (const row of document.querySelectorAll("[data-measures]")) {
    const touches = row.dataset.measures.split(" ").some((id) => ids.has(id));
    row.hidden = isOn && !touches;
    shown += row.hidden ? 0 : 1;
    for (const mark of document.querySelectorAll(".cal-mark")) {
      if (mark.getAttribute("href") === `#${row.id}`) {
        mark.classList.toggle("not-mine", row.hidden);
      }
    }
  }
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = group.querySelector("[data-measures]:not([hidden])") === null;
  }
  document.getElementById("mine-none").hidden = shown > 0;
}

if (ids.size > 0) {
  button.hidden = false;
  button.addEventListener("click", () => show(button.getAttribute("aria-pressed") !== "true"));
}
