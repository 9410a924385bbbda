// Screens a table: its rows stay in this page and are sent to the service a batch at a time. Only
// the ids of the measures that reach the hits are written to the browser's storage.

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

async function post(path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body, headers });
  } catch {
    throw new Error("No connection to the service. The results so far are still here.");
  }
  if (answer.ok) {
    return answer;
  }
  if (answer.status === 413) {
    throw new Error("That is too large to send. Use the command “abeyance screen”, which takes any size.");
  }
  const refusal = await answer.json().catch(() => null);
  throw new Error(refusal?.detail ?? `The service refused the request (${answer.status}).`);
}

function json(path, content) {
  return post(path, JSON.stringify(content), { "content-type": "application/json" });
}

// 1 Drop or paste

async function read(event) {
  event?.preventDefault();
  trouble("");
  const button = upload.querySelector("button");
  button.disabled = true;
  try {
    const answer = await post("/spreadsheet/read", new FormData(upload));
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
    trouble("Choose the column that contains the name.");
    return;
  }
  if (Number.isNaN(terms.threshold)) {
    trouble("The lowest score must be a number from 0 to 1.");
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
  // every batch uses the days of the first, even where midnight passes meanwhile
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

function tally() {
  const hits = (state.counts.hits ?? 0) + (state.counts.owner_hits ?? 0);
  return `${number(state.next)} of ${number(table.rows.length)} rows, ${number(hits)} with hits, ${number(state.counts.unreadable ?? 0)} unreadable`;
}

function progress() {
  at("bar").max = table.rows.length;
  at("bar").value = state.next;
  at("tally").textContent = tally();
  show("pause", state.next < table.rows.length);
}

function pause() {
  if (state.running) {
    state.running = false;
    at("pause").textContent = "Resume";
    speak(`Paused. ${tally()}`, true);
  } else {
    run();
  }
}

function finished() {
  state.running = false;
  progress();
  at("progress-title").textContent = "Done";
  speak(`Done. ${tally()}`, true);
  remember();
}

function remember() {
  const ids = [...new Set(state.lines.flatMap((line) => line.measures))];
  try {
    sessionStorage.setItem(MEASURES, JSON.stringify(ids));
    show("coming", ids.length > 0);
  } catch {
    // without browser storage the calendar shows everything
  }
}

// 4 Results

function results() {
  show("results");
  const complete = state.summary?.coverage?.complete;
  at("worth").textContent =
    complete === false
      ? "Incomplete: some lists could not be relied on, so “nothing found” does not mean that a name is not listed."
      : "All lists are within their age limits. “Nothing found” does not mean that a transaction is permitted.";
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

// Most cells of most rows are empty: leave them out of the request.
function slim(row) {
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null || NEEDED.has(name)));
}

async function download(kind, button) {
  if (state.summary === null) {
    trouble("No row could be screened, so there is nothing to download.");
    return;
  }
  button.disabled = true;
  trouble("");
  try {
    const rows = [...state.rows].sort((one, other) => one.row - other.row).map(slim);
    const summary = { ...state.summary, counts: state.counts };
    // one row per line: the service reads the lines one after another
    const body = [{ kind, summary }, ...rows].map((each) => JSON.stringify(each)).join("\n");
    const answer = await post("/spreadsheet/write", body, { "content-type": "application/x-ndjson" });
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
