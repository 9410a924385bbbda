// A table too large for this browser: it is sent as it is, and screened at the service as a job.

import { speak } from "./desk.js";
import { at, made, number } from "./results.js";

const JOBS = "/v1/jobs";
// The beginning of a file, by which its columns are recognised.
const HEAD_BYTES = 100_000;
const TEXTS = new Set(["csv", "tsv", "txt", "jsonl", "ndjson"]);
const REMEMBERED = "abeyance-jobs";
const MOST_REMEMBERED = 20;
const LOOK_EVERY_MS = 1_000;
const STAGES = {
  reading: "Reading and screening",
  running: "Screening",
  done: "Done",
  failed: "This table could not be screened to its end",
  cancelled: "Cancelled",
};

let id = null;
let stage = null;

function endingOf(file) {
  return file.name.split(".").pop().toLowerCase();
}

// Whether only a job takes a file: the page itself reads no Parquet, and nothing so large.
export function needsJob(file) {
  return endingOf(file) === "parquet" || file.size > Number(at("job").dataset.mostBytes);
}

// The beginning of a file as a file; null where its columns cannot be recognised by a part of it.
export async function headOf(file) {
  if (!TEXTS.has(endingOf(file))) {
    return null;
  }
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (bytes[0] === 0xff || bytes[0] === 0xfe) {
    // in UTF-16 the end of a line is another
    return null;
  }
  const end = file.size > HEAD_BYTES ? bytes.lastIndexOf(10) + 1 : bytes.length;
  return new File([bytes.slice(0, end || bytes.length)], file.name);
}

// The columns as the service is told them: every field, with its columns or with none.
function chosen(columns, fields) {
  const known = [...at("fields").content.querySelectorAll("option")].map((each) => each.value).filter((each) => each !== "-");
  return known.flatMap((field) => {
    const named = columns.filter((_, place) => fields[place] === field);
    return named.length > 0 ? named.map((name) => `${field}=${name}`) : [`${field}=`];
  }).concat(columns.filter((_, place) => fields[place] === null).map((name) => `unused=${name}`));
}

// Sends a file; `columns` null leaves it to the service to recognise them.
export async function sendJob(file, columns, terms) {
  const { fields, ...asked } = terms;
  const query = new URLSearchParams({ name: file.name.slice(-200) });
  if (asked.as_of !== null && asked.known_at !== null) {
    // with both days there is nothing left to decide for a moment
    asked.at = null;
  }
  for (const [name, value] of Object.entries(asked)) {
    if (value !== null) {
      query.append(name, value);
    }
  }
  for (const each of columns === null ? [] : chosen(columns, fields)) {
    query.append("map", each);
  }
  at("job").hidden = false;
  at("job-title").textContent = `Sending ${file.name}`;
  at("job-bar").max = file.size;
  for (const each of ["job-cancel", "job-files", "job-delete"]) {
    at(each)?.toggleAttribute("hidden", true);
  }
  const job = await sent(`${JOBS}?${query}`, file);
  remember(job);
  history.replaceState(null, "", `/spreadsheet#job=${job.id}`);
  await watch(job.id);
}

// fetch does not tell how much of a body is sent.
function sent(address, file) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.upload.addEventListener("progress", (event) => {
      at("job-bar").value = event.loaded;
      at("job-tally").textContent = `${megabytes(event.loaded)} of ${megabytes(file.size)} sent`;
    });
    request.addEventListener("error", () => reject(new Error("The connection to the service broke: send the table again.")));
    request.addEventListener("load", () => {
      if (request.status === 202) {
        resolve(JSON.parse(request.responseText));
      } else {
        reject(new Error(refusalIn(request.responseText, request.status)));
      }
    });
    request.send(file);
  });
}

function refusalIn(text, status) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return `The service refused the table (${status}).`;
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

// Shows a job until it has ended.
export async function watch(key) {
  id = key;
  stage = null;
  at("job").hidden = false;
  at("job-trouble").hidden = true;
  while (id === key) {
    try {
      const answer = await fetch(`${JOBS}/${key}`);
      if (answer.status === 404) {
        missing();
        return;
      }
      if (!answer.ok) {
        throw new Error(refusalIn(await answer.text(), answer.status));
      }
      const job = await answer.json();
      shown(job);
      if (job.ended_at !== null) {
        return;
      }
    } catch (error) {
      // a service that is started again goes on with its jobs
      trouble(error instanceof TypeError ? "No connection to the service. The job goes on there." : error.message);
    }
    await new Promise((resume) => setTimeout(resume, LOOK_EVERY_MS));
  }
}

function trouble(text) {
  at("job-trouble").textContent = text;
  at("job-trouble").hidden = text === "";
}

function missing() {
  forget(id);
  at("job-title").textContent = "This job is not kept any more";
  at("job-tally").textContent = "";
  for (const each of ["job-bar", "job-cancel", "job-files", "job-delete"]) {
    at(each)?.toggleAttribute("hidden", true);
  }
}

function tally(job) {
  const rows = job.rows === null ? `${number(job.rows_done)} rows` : `${number(job.rows_done)} of ${number(job.rows)} rows`;
  return `${rows}, ${number(job.hits + job.owner_hits)} with hits, ${number(job.refused)} unreadable`;
}

function shown(job) {
  trouble(job.fault === null ? "" : `${job.fault.field}: ${job.fault.reason}`);
  at("job-title").textContent = `${STAGES[job.stage]}: ${job.name}`;
  at("job-bar").hidden = false;
  at("job-bar").max = job.rows ?? Math.max(1, job.rows_read);
  at("job-bar").value = job.rows_done;
  at("job-tally").textContent = tally(job);
  at("job-note").textContent = note(job);
  at("job-read-as").textContent = job.read_as.length > 0 ? `Read as: ${job.read_as.join(" · ")}` : "";
  const hasEnded = job.ended_at !== null;
  at("job-cancel").hidden = hasEnded;
  // missing for whoever may not delete
  at("job-delete")?.toggleAttribute("hidden", !hasEnded);
  at("job-files").hidden = job.rows_done === 0;
  at("job-part").hidden = job.stage === "done";
  at("job-incomplete").hidden = job.incomplete === 0;
  for (const link of at("job-files").querySelectorAll("a")) {
    link.href = `${JOBS}/${job.id}/results?${link.dataset.query}`;
  }
  const { mostRows, mostToReview } = at("job").dataset;
  const hits = job.hits + job.owner_hits;
  at("job-hits-xlsx").hidden = hits > Number(mostToReview);
  at("job-xlsx").hidden = job.rows_done > Number(mostRows) || hits + job.refused > Number(mostToReview);
  if (stage !== job.stage && (stage !== null || hasEnded)) {
    speak(`${STAGES[job.stage]}. ${tally(job)}`, true);
  }
  stage = job.stage;
}

function note(job) {
  if (job.ended_at !== null) {
    const day = new Date(job.expires_at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    return `The results are kept at this address until ${day}.`;
  }
  if (job.rate === null) {
    return "It waits for a worker. This page may be closed meanwhile: the job goes on.";
  }
  const left = job.ends_about === null ? "" : `, about ${duration(new Date(job.ends_about) - Date.now())} left`;
  return `${number(Math.round(job.rate))} rows a second${left}. This page may be closed meanwhile: the job goes on.`;
}

function duration(milliseconds) {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) {
    return "a minute";
  }
  return minutes < 90 ? `${Math.ceil(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

async function end() {
  try {
    const answer = await fetch(`${JOBS}/${id}`, { method: "DELETE" });
    if (!answer.ok) {
      throw new Error(refusalIn(await answer.text(), answer.status));
    }
    if (answer.status === 204) {
      forget(id);
      location.href = "/spreadsheet?deleted=yes";
      return;
    }
    shown(await answer.json());
  } catch (error) {
    trouble(error.message);
  }
}

// The jobs that this browser sent.

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? [];
  } catch {
    return [];
  }
}

function noteDown(jobs) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(jobs.slice(0, MOST_REMEMBERED)));
  } catch {
    // without browser storage the address alone leads back to a job
  }
}

function remember(job) {
  noteDown([{ id: job.id, name: job.name, at: job.accepted_at }, ...remembered()]);
}

function forget(key) {
  noteDown(remembered().filter((each) => each.id !== key));
}

// The list items of the jobs that were sent from here.
export function jobItems() {
  return remembered().map((each) => {
    const link = made("a", "", each.name);
    link.href = `/spreadsheet#job=${each.id}`;
    const day = new Date(each.at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    return made("li", "", link, ` · ${day} · a job at the service`);
  });
}

if (at("job")) {
  at("job-cancel").addEventListener("click", end);
  at("job-delete")?.addEventListener("click", () => at("job-deleting").showModal());
  at("job-keep").addEventListener("click", () => at("job-deleting").close());
  at("job-deleting-form").addEventListener("submit", (event) => {
    event.preventDefault();
    at("job-deleting").close();
    end();
  });
}
