// What this browser keeps of screened tables: rows that are still to be sent, and results where the
// service keeps none. A table is kept until it is deleted.

const NAME = "abeyance";
const TABLES = "spreadsheets";
const PARTS = "spreadsheet-parts";
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(TABLES, { keyPath: "key" });
      asked.result.createObjectStore(PARTS, { keyPath: ["key", "part"] });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

// Runs one transaction; without a store in this browser the answer is `otherwise`.
async function run(mode, work, otherwise) {
  try {
    const base = await open();
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction([TABLES, PARTS], mode);
      const asked = work(transaction.objectStore(TABLES), transaction.objectStore(PARTS));
      transaction.oncomplete = () => resolve(asked?.result ?? otherwise);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    return otherwise;
  }
}

const partsOf = (key) => IDBKeyRange.bound([key, 0], [key, Infinity]);

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

export function allTables() {
  return run("readonly", (tables) => tables.getAll(), []);
}

export function tableOf(key) {
  return run("readonly", (tables) => tables.get(key), null);
}

export function partsKept(key) {
  return run("readonly", (_, parts) => parts.getAll(partsOf(key)), []);
}

export function partKept(key, part) {
  return run("readonly", (_, parts) => parts.get([key, part]), null);
}

// Whether the table, and the part where there is one, are kept now.
export function keep(table, part = null) {
  return run(
    "readwrite",
    (tables, parts) => {
      if (part !== null) {
        parts.put(part);
      }
      return tables.put(table);
    },
    false,
  ).then((key) => key !== false);
}

export function forget(key) {
  return run("readwrite", (tables, parts) => {
    parts.delete(partsOf(key));
    tables.delete(key);
  });
}
