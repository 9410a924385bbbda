// Screens a table: its rows stay in this browser and are sent to the service a batch at a time. The
// results are kept at the service under their own address, or in this browser.

import { speak } from "./desk.js";
import { headOf, jobItems, needsJob, sendJob, watch } from "./job.js";
import { at, made, number, Results } from "./results.js";
import { allTables, forget, keep, newKey, partKept, partsKept, tableOf } from "./shelf.js";

const BATCH = 100;
const MEASURES = "abeyance-spreadsheet-measures";
// Parts whose details are remembered while the page is open.
const MOST_PARTS = 8;
const upload = at("upload");

let table = null;
let terms = null;
let job = null;
let results = null;
const details = new Map();
// Parts that this browser would not keep.
const unkept = new Map();

// Not every page has every part.
function show(id, isShown = true) {
  if (at(id)) {
    at(id).hidden = !isShown;
  }
}

function trouble(text) {
  at("trouble").textContent = text;
  show("trouble", text !== "");
}

function post(path, body, headers = {}) {
  return asked(path, { method: "POST", body, headers });
}

function get(path) {
  return asked(path, {});
}

async function asked(path, request) {
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Error("No connection to the service. The results so far are still here.");
  }
  if (answer.ok) {
    return answer;
  }
  const pause = Number(answer.headers.get("retry-after"));
  if (answer.status === 429 && pause <= 60) {
    // a limit a second: the batch is asked again when there is room for it
    await new Promise((resume) => setTimeout(resume, 1000 * pause));
    return asked(path, request);
  }
  if (answer.status === 401) {
    throw new Error("You are not logged in any more. Log in in another window, then go on here: the results so far stay.");
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
  show("as-job", false);
  const button = upload.querySelector("button");
  const [file] = at("file").files;
  button.disabled = true;
  try {
    if (file && at("job") && needsJob(file)) {
      await readForJob(file);
      return;
    }
    const answer = await post("/spreadsheet/read", new FormData(upload));
    table = await answer.json();
    mapping();
  } catch (error) {
    trouble(error.message);
    // whatever is wrong with it, a job may take it
    show("as-job", Boolean(file));
  } finally {
    button.disabled = false;
  }
}

// A table that is screened as a job: its columns are chosen by its beginning, or recognised there.
async function readForJob(file) {
  show("as-job", false);
  const head = await headOf(file);
  if (head === null) {
    table = { file, columns: null };
    begin();
    return;
  }
  const form = new FormData();
  form.append("file", head);
  const answer = await post("/spreadsheet/read", form);
  table = { ...(await answer.json()), file };
  mapping();
}

async function startJob() {
  const { name: _, described, columns, keep, notes, ...asked } = terms;
  show("upload", false);
  show("mapping", false);
  show("earlier", false);
  try {
    await sendJob(table.file, table.columns, asked);
  } catch (error) {
    show("job", false);
    show("upload");
    trouble(error.message);
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
    `${table.name}: ${table.file ? "" : `${number(table.rows.length)} rows, `}${table.columns.length} columns. ${[table.described, ...notes()].join(". ")}.`;
  at("doubt").textContent = table.doubt ?? "";
  show("doubt", table.doubt !== null);
  show("upload", false);
  show("mapping");
  at("mapping-title").tabIndex = -1;
  at("mapping-title").focus();
}

// What was left of a table beside its columns; of a beginning alone that is not known.
function notes() {
  return table.file ? [] : (table.notes ?? []);
}

function columnRow(name, place) {
  const head = made("th", "", name);
  head.scope = "row";
  head.id = `column${place}`;
  const choice = made("select", "", at("fields").content.cloneNode(true));
  choice.setAttribute("aria-labelledby", head.id);
  choice.value = table.guessed[place] ?? "-";
  const first = table.rows.filter((each) => each.cells.length > 0).slice(0, 3);
  const cells = first.map((each) => each.cells[place] ?? "–").join(" · ");
  return made("tr", "", head, made("td", "", choice), made("td", "cells", cells));
}

function fields() {
  return [...at("columns").querySelectorAll("select")].map((each) => (each.value === "-" ? null : each.value));
}

// 3 Progress, with pause and resume

function begin() {
  trouble("");
  const threshold = at("threshold").value.trim().replace(",", ".");
  const isKnown = table.columns !== null;
  terms = {
    name: isKnown ? table.name.slice(0, 300) : "",
    described: isKnown ? table.described.slice(0, 300) : "",
    columns: table.columns,
    fields: isKnown ? fields() : null,
    notes: isKnown ? notes() : [],
    as_of: at("as_of").value || null,
    known_at: at("known_at").value || null,
    at: at("at").value || null,
    threshold: threshold === "" ? null : Number(threshold),
    keep: at("keep")?.checked ?? false,
  };
  if (isKnown && !terms.fields.includes("name")) {
    trouble("Choose the column that contains the name.");
    return;
  }
  if (Number.isNaN(terms.threshold)) {
    trouble("The lowest score must be a number from 0 to 1.");
    return;
  }
  if (table.file) {
    startJob();
    return;
  }
  const isHere = !(at("where-service")?.checked ?? false);
  job = {
    key: isHere ? newKey() : null,
    isHere,
    name: terms.name,
    begun: new Date().toISOString(),
    total: table.rows.length,
    next: 0,
    part: 0,
    counts: {},
    summary: null,
    isComplete: null,
    terms,
    table,
  };
  results = new Results(detailOf);
  show("mapping", false);
  show("earlier", false);
  run();
}

let round = 0;
let isRunning = false;

async function run() {
  const mine = ++round;
  isRunning = true;
  at("pause").textContent = "Pause";
  trouble("");
  show("progress");
  progress();
  while (isRunning && job.next < job.total) {
    const rows = job.table.rows.slice(job.next, job.next + BATCH);
    const kept = job.isHere ? {} : { store: true, result: job.key, part: job.part, row_count: job.total };
    try {
      const answer = await json("/spreadsheet/screen", { ...job.terms, ...(job.isHere ? { part: job.part } : kept), rows });
      const done = await answer.json();
      if (mine !== round) {
        return;
      }
      await take(done, rows.length);
    } catch (error) {
      if (mine === round) {
        halt(error.message);
      }
      return;
    }
  }
  if (job.next >= job.total) {
    finished();
  }
}

// Adds the counts of a part; `isComplete` is null where none of its rows could be screened.
function count(it, counts, isComplete) {
  for (const [name, value] of Object.entries(counts)) {
    it.counts[name] = (it.counts[name] ?? 0) + value;
  }
  it.isComplete = isComplete === null ? it.isComplete : (it.isComplete ?? true) && isComplete;
}

async function take(done, rows) {
  const part = job.part;
  job.next += rows;
  job.part += 1;
  count(job, done.counts, done.summary === null ? null : (done.summary.coverage?.complete ?? true));
  // every batch uses the days of the first, even where midnight passes meanwhile
  job.terms.at ??= done.at;
  if (job.isHere) {
    job.summary = job.summary === null || done.summary?.coverage?.complete === false ? (done.summary ?? job.summary) : job.summary;
  }
  job.key ??= done.result;
  job.readAs ??= done.summary?.read_as;
  if (job.next >= job.total) {
    job.table = null;
  }
  await shelve(job.isHere ? { key: job.key, part, lines: done.lines, parties: done.parties, rows: done.rows } : null);
  if (part === 0) {
    history.replaceState(null, "", addressOf(job));
  }
  results.add(done.lines);
  shown();
  progress();
}

async function shelve(part) {
  const isKept = await keep(job, part);
  if (!isKept && part !== null) {
    unkept.set(part.part, part);
  }
  show("unkept", !isKept && job.isHere);
}

function addressOf(it) {
  return it.isHere ? `/spreadsheet#${it.key}` : `/spreadsheet/${it.key}`;
}

function halt(reason) {
  isRunning = false;
  at("pause").textContent = "Resume";
  trouble(reason);
}

function tally() {
  const hits = (job.counts.hits ?? 0) + (job.counts.owner_hits ?? 0);
  return `${number(job.next)} of ${number(job.total)} rows, ${number(hits)} with hits, ${number(job.counts.unreadable ?? 0)} unreadable`;
}

function progress() {
  at("bar").max = job.total;
  at("bar").value = job.next;
  at("tally").textContent = tally();
  show("pause", job.next < job.total && job.table !== null);
}

function pause() {
  if (isRunning) {
    isRunning = false;
    at("pause").textContent = "Resume";
    speak(`Paused. ${tally()}`, true);
  } else {
    run();
  }
}

function finished() {
  isRunning = false;
  progress();
  at("progress-title").textContent = "Done";
  speak(`Done. ${tally()}`, true);
  remember();
}

function remember() {
  const ids = [...new Set(results.lines.flatMap((line) => line.measures ?? []))];
  try {
    sessionStorage.setItem(MEASURES, JSON.stringify(ids));
    show("coming", ids.length > 0);
  } catch {
    // without browser storage the calendar shows everything
  }
}

// 4 Results, and what was kept of them

function shown() {
  show("results");
  at("worth").textContent =
    job.isComplete === false
      ? "Incomplete: some lists could not be relied on, so “nothing found” does not mean that a name is not listed."
      : "All lists are within their age limits. “Nothing found” does not mean that a transaction is permitted.";
  const readAs = job.readAs ?? job.summary?.read_as ?? [];
  at("read-as").textContent = readAs.length > 0 ? `Read as: ${readAs.join(" · ")}` : "";
  // whoever may delete nothing at the service may still delete what their own browser keeps
  show("delete", job.isHere || !("hereOnly" in at("delete").dataset));
  at("kept-where").textContent = job.isHere
    ? "These results are in this browser only, at this address, until you delete them."
    : at("kept-where").dataset.here;
}

async function detailOf(line) {
  if (!details.has(line.part)) {
    if (details.size >= MOST_PARTS) {
      details.delete(details.keys().next().value);
    }
    details.set(line.part, await partiesOf(line.part));
  }
  return details.get(line.part).find((each) => each.place === line.place) ?? {};
}

async function partiesOf(part) {
  if (!job.isHere) {
    const answer = await get(`/spreadsheet/${job.key}/parties/${part}`);
    return answer.json();
  }
  const kept = unkept.get(part) ?? (await partKept(job.key, part));
  return kept?.parties ?? [];
}

// Shows results that were kept at the service, or in this browser.
async function reopen(key, isHere) {
  try {
    const shelved = await tableOf(key);
    if (isHere && shelved === null) {
      trouble("These results are not in this browser: they were deleted, or screened in another one.");
      return;
    }
    results = new Results(detailOf);
    const parts = isHere ? await partsKept(key) : (await lookUp(key, shelved)).parts;
    job = shelved ?? job;
    for (const part of parts) {
      results.lines.push(...part.lines);
    }
    results.add([]);
    show("upload", false);
    show("earlier", false);
    show("progress");
    shown();
    progress();
    at("progress-title").textContent = job.next < job.total ? `Not finished: ${job.name}` : job.name;
    at("pause").textContent = "Resume";
    remember();
  } catch (error) {
    trouble(error.message);
  }
}

async function lookUp(key, shelved) {
  const answer = await (await get(`/spreadsheet/${key}/lines`)).json();
  job = { key, isHere: false, name: answer.head.name, total: answer.head.row_count, table: null, isComplete: null };
  const into = shelved ?? job;
  into.counts = {};
  for (const part of answer.parts) {
    count(into, part.counts, part.complete);
  }
  into.readAs = answer.head.read_as;
  // what the service has counts: a part may have been kept without the browser hearing of it
  into.next = into.counts.rows ?? 0;
  into.part = answer.parts.length;
  return answer;
}

async function earlier() {
  const kept = (await allTables()).sort((one, other) => (one.begun < other.begun ? 1 : -1));
  at("earlier-list").replaceChildren(
    ...kept.map((it) => {
      const link = made("a", "", it.name);
      link.href = addressOf(it);
      const day = new Date(it.begun).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
      const where = it.isHere ? "in this browser" : "at the service";
      const button = made("button", "button", it.isHere ? "Delete" : "Take off this list");
      button.type = "button";
      button.setAttribute("aria-label", `${button.textContent}: ${it.name}, ${day}`);
      button.addEventListener("click", () => forget(it.key).then(earlier));
      return made("li", "", link, ` · ${day} · ${number(it.next)} of ${number(it.total)} rows · ${where} `, button);
    }),
    ...jobItems(),
  );
  show("earlier", at("earlier-list").childElementCount > 0);
}

async function remove(event) {
  event.preventDefault();
  const form = event.target;
  const { key, isHere } = job;
  isRunning = false;
  round += 1;
  if (isHere) {
    await forget(key);
    location.href = "/spreadsheet?deleted=yes";
    return;
  }
  try {
    await post(`/spreadsheet/${key}/delete`, new FormData(form));
    await forget(key);
    location.href = "/spreadsheet?deleted=yes";
  } catch (error) {
    at("deleting").close();
    trouble(error.message);
  }
}

// 5 Download

const NEEDED = new Set(["row", "counterparty_id"]);

// Most cells of most rows are empty: leave them out of the request.
function slim(row) {
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null || NEEDED.has(name)));
}

// The file of all lines, or of those at some places.
async function fileOf(kind, places) {
  if (!job.isHere) {
    const form = new FormData();
    form.append("format", kind);
    for (const place of places ?? []) {
      form.append("place", place);
    }
    return post(`/spreadsheet/${job.key}/write`, form);
  }
  if (job.summary === null) {
    throw new Error("No row could be screened, so there is nothing to download.");
  }
  const parts = [...(await partsKept(job.key)), ...unkept.values()];
  const parties = parts.flatMap((part) => part.parties).filter((each) => places === null || places.has(each.place));
  const numbers = new Set(parties.map((each) => each.row));
  const rows = parts.flatMap((part) => part.rows).filter((each) => numbers.has(each.row));
  rows.sort((one, other) => one.row - other.row);
  const summary = { ...job.summary, counts: job.counts };
  if (job.next < job.total) {
    summary.read_as = [...summary.read_as, `Only ${number(job.next)} of ${number(job.total)} rows were screened.`];
  }
  // one row per line: the service reads the lines one after another
  const head = { kind, summary, parties: parties.length };
  const body = [head, ...parties, ...rows.map(slim)].map((each) => JSON.stringify(each)).join("\n");
  return post("/spreadsheet/write", body, { "content-type": "application/x-ndjson" });
}

async function download(kind, button, places = null) {
  button.disabled = true;
  trouble("");
  try {
    const answer = await fileOf(kind, places);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `${job.name.replace(/\.[^.]*$/, "")}-results.${kind}`;
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
  at("other").addEventListener("click", () => location.reload());
  at("send-as-job")?.addEventListener("click", () => {
    trouble("");
    readForJob(at("file").files[0]).catch((error) => trouble(error.message));
  });
  addEventListener("hashchange", () => location.reload());
  const key = location.hash.slice(1);
  if (key.startsWith("job=") && at("job")) {
    show("upload", false);
    watch(key.slice("job=".length));
  } else if (key) {
    reopen(key, true);
  } else {
    earlier();
  }
}

if (at("results")) {
  at("pause").addEventListener("click", pause);
  at("delete").addEventListener("click", () => at("deleting").showModal());
  at("keep-results").addEventListener("click", () => at("deleting").close());
  at("deleting-form").addEventListener("submit", remove);
  for (const button of document.querySelectorAll("[data-file]")) {
    button.addEventListener("click", () => {
      download(button.dataset.file, button, button.id === "write-chosen" ? results.chosen : null);
    });
  }
  const { key } = at("results").dataset;
  if (key) {
    reopen(key, false);
  }
}
