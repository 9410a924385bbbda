// A table screened from here: the rows stay in this page and go to the service a batch at a time.
// Nothing of them is written to the browser's storage but the ids of the measures behind the hits.

import { speak } from "./desk.js";

const BATCH = 100;
const SHOWN = 200;
const MEASURES = "abeyance-spreadsheet-measures";
const upload = document.getElementById("upload");
const at = (id) => document.getElementById(id);

let table = null;
let terms = null;
let state = fresh();
let filter = "";
let shown = SHOWN;

function fresh() {
  return { next: 0, lines: [], rows: [], counts: {}, summary: null, running: false, round: 0 };
}

function number(value) {
  return value.toLocaleString("en");
}

function show(id, isShown = true) {
  at(id).hidden = !isShown;
}

function trouble(text) {
  at("trouble").textContent = text;
  show("trouble", text !== "");
}

async function asked(path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body, headers });
  } catch {
    throw new Error("No connection to the service. What was done so far is still here.");
  }
  if (answer.ok) {
    return answer;
  }
  if (answer.status === 413) {
    throw new Error("That is too large to be sent. The command “abeyance screen” takes any size.");
  }
  const told = await answer.json().catch(() => null);
  throw new Error(told?.detail ?? `The service refused it (${answer.status}).`);
}

function json(path, content) {
  return asked(path, JSON.stringify(content), { "content-type": "application/json" });
}

// 1 Drop or paste

async function read(event) {
  event?.preventDefault();
  trouble("");
  const button = upload.querySelector("button");
  button.disabled = true;
  try {
    const answer = await asked("/spreadsheet/read", new FormData(upload));
    table = await answer.json();
    mapping();
  } catch (error) {
    trouble(error.message);
  } finally {
    button.disabled = false;
  }
}

function dropped(event) {
  event.preventDefault();
  at("drop").classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file) {
    const files = new DataTransfer();
    files.items.add(file);
    at("file").files = files.files;
    read();
  }
}

// 2 Which column is what

function mapping() {
  const body = at("columns");
  body.replaceChildren(...table.columns.map(columnRow));
  at("described").textContent =
    `${table.name}: ${number(table.rows.length)} rows, ${table.columns.length} columns. ${table.described}.`;
  at("doubt").textContent = table.doubt ?? "";
  show("doubt", table.doubt !== null);
  show("upload", false);
  show("mapping");
  at("mapping-title").tabIndex = -1;
  at("mapping-title").focus();
}

function columnRow(name, place) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.id = `column${place}`;
  head.textContent = name;
  const choice = document.createElement("select");
  choice.setAttribute("aria-labelledby", head.id);
  choice.append(at("fields").content.cloneNode(true));
  choice.value = table.guessed[place] ?? "-";
  const chosen = document.createElement("td");
  chosen.append(choice);
  const cells = document.createElement("td");
  cells.className = "cells";
  const first = table.rows.filter((each) => each.cells.length > 0).slice(0, 3);
  cells.textContent = first.map((each) => each.cells[place] ?? "–").join(" · ");
  row.append(head, chosen, cells);
  return row;
}

function fields() {
  return [...at("columns").querySelectorAll("select")].map((each) => (each.value === "-" ? null : each.value));
}

// 3 Progress, with pause and resume

function begin() {
  trouble("");
  const threshold = at("threshold").value.trim().replace(",", ".");
  terms = {
    name: table.name.slice(0, 300),
    described: table.described.slice(0, 300),
    columns: table.columns,
    fields: fields(),
    as_of: at("as_of").value || null,
    known_at: at("known_at").value || null,
    at: at("at").value || null,
    threshold: threshold === "" ? null : Number(threshold),
    keep: at("keep")?.checked ?? false,
  };
  if (!terms.fields.includes("name")) {
    trouble("Say which column is the name.");
    return;
  }
  if (Number.isNaN(terms.threshold)) {
    trouble("The lowest score is a number from 0 to 1.");
    return;
  }
  state = fresh();
  filter = "";
  show("mapping", false);
  show("progress");
  show("results", false);
  run();
}

async function run() {
  const round = ++state.round;
  const mine = state;
  mine.running = true;
  at("pause").textContent = "Pause";
  trouble("");
  progress();
  while (mine.running && mine.next < table.rows.length) {
    const rows = table.rows.slice(mine.next, mine.next + BATCH);
    try {
      const answer = await json("/spreadsheet/screen", { ...terms, rows });
      const done = await answer.json();
      if (mine !== state || round !== mine.round) {
        return;
      }
      take(done, rows.length);
    } catch (error) {
      if (mine === state && round === mine.round) {
        halt(error.message);
      }
      return;
    }
  }
  if (mine.next >= table.rows.length) {
    finished();
  }
}

function take(done, count) {
  state.next += count;
  state.lines.push(...done.lines);
  state.rows.push(...done.rows);
  state.summary ??= done.summary;
  // today is one day for the whole table, however long it takes
  terms.at ??= done.at;
  for (const [name, value] of Object.entries(done.counts)) {
    state.counts[name] = (state.counts[name] ?? 0) + value;
  }
  progress();
  results();
}

function halt(reason) {
  state.running = false;
  at("pause").textContent = "Resume";
  trouble(reason);
}

function told() {
  const hits = (state.counts.hits ?? 0) + (state.counts.owner_hits ?? 0);
  return `${number(state.next)} of ${number(table.rows.length)} rows, ${number(hits)} with hits, ${number(state.counts.unreadable ?? 0)} unreadable`;
}

function progress() {
  at("bar").max = table.rows.length;
  at("bar").value = state.next;
  at("said").textContent = told();
  show("pause", state.next < table.rows.length);
}

function pause() {
  if (state.running) {
    state.running = false;
    at("pause").textContent = "Resume";
    speak(`Paused. ${told()}`, true);
  } else {
    run();
  }
}

function finished() {
  state.running = false;
  progress();
  at("progress-title").textContent = "Done";
  speak(`Done. ${told()}`, true);
  remember();
}

function remember() {
  const ids = [...new Set(state.lines.flatMap((line) => line.measures))];
  try {
    sessionStorage.setItem(MEASURES, JSON.stringify(ids));
    show("coming", ids.length > 0);
  } catch {
    // a browser that keeps nothing: the calendar shows everything
  }
}

// 4 Results

function results() {
  show("results");
  const complete = state.summary?.coverage?.complete;
  at("worth").textContent =
    complete === false
      ? "Incomplete: not every list could be relied on, so that nothing was found says nothing."
      : "All lists within their age limits. Nothing found is no clearance.";
  state.lines.sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0));
  filters();
  lines();
}

function filters() {
  const words = [...at("words").content.querySelectorAll("data")];
  const counted = words
    .map((each) => [each.value, each.textContent, state.lines.filter((line) => line.outcome === each.value).length])
    .filter(([, , count]) => count > 0);
  const all = ["", "All", state.lines.length];
  const focused = document.activeElement?.dataset?.outcome;
  at("filters").replaceChildren(
    ...[all, ...counted].map(([value, words, count]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.dataset.outcome = value;
      button.setAttribute("aria-pressed", String(filter === value));
      button.textContent = `${words} (${number(count)})`;
      return button;
    }),
  );
  if (focused !== undefined) {
    at("filters").querySelector(`[data-outcome="${focused}"]`)?.focus();
  }
}

function lines() {
  const chosen = state.lines.filter((line) => filter === "" || line.outcome === filter);
  at("lines").replaceChildren(...chosen.slice(0, shown).map(lineRow));
  show("more", chosen.length > shown);
}

function cell(kind, className, ...content) {
  const made = document.createElement(kind);
  made.className = className;
  made.append(...content);
  return made;
}

function lineRow(line) {
  const row = document.createElement("tr");
  row.dataset.row = "";
  const name = cell("th", "");
  name.scope = "row";
  if (line.href) {
    const link = cell("a", "", line.name);
    link.href = line.href;
    link.target = "_blank";
    link.rel = "noopener";
    name.append(link);
  } else {
    name.append(line.name || "–");
  }
  if (line.id) {
    name.append(cell("span", "fine", line.id));
  }
  const status = cell("td", "");
  if (line.shape) {
    const swatch = at("swatches").content.querySelector(`[data-shape="${line.shape}"] svg`);
    const badge = cell("span", `badge b-${line.shape}`);
    badge.append(swatch.cloneNode(true), cell("span", "", line.badge));
    status.append(badge);
    if (line.own_day) {
      status.append(cell("span", "fine ownday", line.own_day));
    }
  }
  status.append(cell("span", "fine", line.found));
  const score = line.score === null ? "" : line.score.toFixed(2);
  row.append(cell("td", "number", String(line.row)), name, status, cell("td", "number", score));
  return row;
}

// 5 Download

const NEEDED = new Set(["row", "counterparty_id"]);

// Most cells of most rows are empty; they need not travel.
function slim(row) {
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null || NEEDED.has(name)));
}

async function download(kind, button) {
  if (state.summary === null) {
    trouble("No row could be asked about, so there is nothing to write.");
    return;
  }
  button.disabled = true;
  trouble("");
  try {
    const rows = [...state.rows].sort((one, other) => one.row - other.row).map(slim);
    const summary = { ...state.summary, counts: state.counts };
    // a line each: the service reads one after the other
    const body = [{ kind, summary }, ...rows].map((each) => JSON.stringify(each)).join("\n");
    const answer = await asked("/spreadsheet/write", body, { "content-type": "application/x-ndjson" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `${table.name.replace(/\.[^.]*$/, "")}-results.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    trouble(error.message);
  } finally {
    button.disabled = false;
  }
}

if (upload) {
  upload.addEventListener("submit", read);
  at("drop").addEventListener("dragover", (event) => {
    event.preventDefault();
    at("drop").classList.add("over");
  });
  at("drop").addEventListener("dragleave", () => at("drop").classList.remove("over"));
  at("drop").addEventListener("drop", dropped);
  at("start").addEventListener("click", begin);
  at("pause").addEventListener("click", pause);
  at("other").addEventListener("click", () => location.reload());
  at("more").addEventListener("click", () => {
    shown += SHOWN;
    lines();
  });
  at("filters").addEventListener("click", (event) => {
    const button = event.target.closest("[data-outcome]");
    if (button) {
      filter = button.dataset.outcome;
      shown = SHOWN;
      filters();
      lines();
    }
  });
  for (const button of document.querySelectorAll("[data-file]")) {
    button.addEventListener("click", () => download(button.dataset.file, button));
  }
}
