// The results of a table: a line for each counterparty and party, chosen and read by mouse or keys,
// with what is known of a line beside it.

import { keysAreOn, placeAfter, speak } from "./desk.js";

const SHOWN = 200;
export const at = (id) => document.getElementById(id);

export function number(value) {
  return value.toLocaleString("en");
}

// A text in which nothing acts: U+202E in a name would turn around what follows it. As on the pages
// that the service writes (primitives/visible.py).
function visible(text) {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (each) => `[U+${each.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}

// An element; content that is null or empty is left out.
export function made(kind, className, ...content) {
  const element = document.createElement(kind);
  if (className) {
    element.className = className;
  }
  const given = content.filter((each) => each !== null && each !== undefined && each !== "");
  element.append(...given.map((each) => (typeof each === "string" ? visible(each) : each)));
  return element;
}

function badge(shape, text) {
  const swatch = at("swatches").content.querySelector(`[data-shape="${shape}"] svg`);
  return made("span", `badge b-${shape}`, swatch.cloneNode(true), made("span", "", text));
}

function shapeOf(status) {
  return at("shapes").content.querySelector(`[value="${status}"]`)?.textContent ?? "unknown";
}

function linkTo(href, text) {
  const link = made("a", "", text);
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

// Opens an answer in a window of its own. Its question has a name in it, and is sent in a form.
function asker(href, text, className) {
  const button = made("button", className, text);
  button.setAttribute("form", "asking");
  button.formTarget = "_blank";
  button.name = "question";
  button.value = href.slice(href.indexOf("?") + 1);
  return button;
}

function counterparty(line) {
  return `${line.row}/${line.id ?? ""}/${line.name}`;
}

function wordsOf(line) {
  const words = [line.name, line.id, line.party, line.facts, line.found, line.owner, line.does];
  return words.filter(Boolean).join(" ").toLocaleLowerCase();
}

function countriesOf(line) {
  return (line.countries ?? "").split(", ").filter(Boolean);
}

function scoreOf(line) {
  const score = Number.parseFloat(line.score ?? "0");
  // a number that met says more than any score
  return Number.isNaN(score) ? 1 : score;
}

// The page of a party on the days of an answer's address.
function partyAddress(id, href) {
  const asked = new URL(href, location.href).searchParams;
  const days = ["as_of", "known_at", "at"].filter((name) => asked.has(name));
  const query = new URLSearchParams(days.map((name) => [name, asked.get(name)]));
  return `/parties/${encodeURIComponent(id)}?${query}`;
}

export class Results {
  // `detailOf` takes a line and returns the party of it.
  constructor(detailOf) {
    this.detailOf = detailOf;
    this.lines = [];
    this.filter = "";
    this.shown = SHOWN;
    // counterparties, by row and part, whose further parties are shown
    this.unfolded = new Set();
    this.chosen = new Set();
    this.current = null;
    this.anchor = null;
    this.open = null;
    this.listen();
  }

  add(lines) {
    // a line that an older version kept has its countries alone
    this.lines.push(...lines.map((line) => ({ ...line, facts: line.facts ?? line.countries })));
    this.lines.sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0));
    this.draw();
  }

  listen() {
    at("results").addEventListener("keydown", (event) => this.pressed(event));
    at("lines").addEventListener("keyup", (event) => {
      // the space bar selects the line, and presses no button
      if (event.key === " " && event.target.type !== "checkbox") {
        event.preventDefault();
      }
    });
    at("lines").addEventListener("click", (event) => this.clicked(event));
    at("lines").addEventListener("change", (event) => this.ticked(event));
    at("lines").addEventListener("focusin", (event) => {
      this.current = event.target.closest("tr")?.dataset.place ?? this.current;
    });
    at("every").addEventListener("change", () => this.choose(this.places(), at("every").checked));
    at("unchoose").addEventListener("click", () => this.choose([...this.chosen], false));
    at("close").addEventListener("click", () => this.close());
    at("more").addEventListener("click", () => {
      this.shown += SHOWN;
      this.drawLines();
    });
    for (const id of ["find-line", "by-list", "by-badge", "by-country", "by-score"]) {
      at(id).addEventListener("input", () => {
        this.shown = SHOWN;
        this.drawLines();
        this.drawChosen();
      });
    }
    at("filters").addEventListener("click", (event) => {
      const button = event.target.closest("[data-outcome]");
      if (button) {
        this.filter = button.dataset.outcome;
        this.shown = SHOWN;
        this.draw();
      }
    });
  }

  // Drawing

  draw() {
    this.drawFilters();
    this.drawPicks();
    this.drawLines();
    this.drawChosen();
  }

  // Lines of the view: the strictest of each counterparty, and its others where they are unfolded.
  filtered() {
    const heads = new Set();
    return this.picked().filter((line) => {
      const who = counterparty(line);
      const isHead = !heads.has(who);
      heads.add(who);
      return isHead || this.unfolded.has(who);
    });
  }

  picked() {
    const found = at("find-line").value.trim().toLocaleLowerCase();
    const least = Number.parseFloat(at("by-score").value.replace(",", ".")) || 0;
    const [list, status, country] = ["by-list", "by-badge", "by-country"].map((id) => at(id).value);
    return this.lines.filter(
      (line) =>
        (this.filter === "" || line.outcome === this.filter) &&
        (found === "" || wordsOf(line).includes(found)) &&
        (list === "" || (line.lists ?? []).includes(list)) &&
        (status === "" || line.badge === status) &&
        (country === "" || countriesOf(line).includes(country)) &&
        (least === 0 || scoreOf(line) >= least),
    );
  }

  // The choices of the three lists: what the lines have, each once.
  drawPicks() {
    const picks = { "by-list": (line) => line.lists ?? [], "by-badge": (line) => [line.badge], "by-country": countriesOf };
    for (const [id, valuesOf] of Object.entries(picks)) {
      const values = [...new Set(this.lines.flatMap(valuesOf).filter(Boolean))].sort();
      const [any] = at(id).options;
      const chosen = at(id).value;
      at(id).replaceChildren(any, ...values.map((value) => new Option(value, value)));
      at(id).value = values.includes(chosen) ? chosen : "";
    }
  }

  drawFilters() {
    const words = [...at("words").content.querySelectorAll("data")];
    const count = (lines) => new Set(lines.map((line) => line.row)).size;
    const counted = words
      .map((each) => [each.value, each.textContent, count(this.lines.filter((line) => line.outcome === each.value))])
      .filter(([, , rows]) => rows > 0);
    const focused = document.activeElement?.dataset?.outcome;
    at("filters").replaceChildren(
      ...[["", "All", count(this.lines)], ...counted].map(([value, text, rows]) => {
        const button = made("button", "button", `${text} (${number(rows)})`);
        button.type = "button";
        button.dataset.outcome = value;
        button.setAttribute("aria-pressed", String(this.filter === value));
        return button;
      }),
    );
    if (focused !== undefined) {
      at("filters").querySelector(`[data-outcome="${focused}"]`)?.focus();
    }
  }

  drawLines() {
    const lines = this.filtered();
    const focused = at("lines").contains(document.activeElement) ? this.current : null;
    at("lines").replaceChildren(...lines.slice(0, this.shown).map((line) => this.row(line)));
    at("more").hidden = lines.length <= this.shown;
    const shown = Math.min(lines.length, this.shown);
    at("extent").textContent = `${number(shown)} of ${number(lines.length)} lines`;
    if (focused !== null) {
      this.focus(focused);
    }
  }

  drawChosen() {
    at("chosen").hidden = this.chosen.size === 0;
    at("chosen-count").textContent = `${number(this.chosen.size)} selected`;
    const places = this.places();
    const ticked = places.filter((place) => this.chosen.has(place)).length;
    at("every").checked = ticked > 0 && ticked === places.length;
    at("every").indeterminate = ticked > 0 && ticked < places.length;
  }

  row(line) {
    const row = made("tr");
    row.dataset.row = "";
    row.dataset.place = line.place;
    row.classList.toggle("is-open", line.place === this.open);
    const tick = made("input");
    tick.type = "checkbox";
    tick.checked = this.chosen.has(line.place);
    const who = line.party ? `${line.name}: ${line.party}` : line.name;
    tick.setAttribute("aria-label", `Select row ${line.row}, ${who}`);
    const isHead = this.lines.find((each) => counterparty(each) === counterparty(line)) === line;
    const name = isHead
      ? made("th", "", this.opener(line), line.id ? made("span", "fine", line.id) : "")
      : made("th", "sibling", made("span", "fine", "as above"));
    if (!isHead) {
      name.firstChild.tabIndex = 0;
    }
    name.scope = "row";
    const party = made(
      "td",
      "who",
      line.owner ? made("span", "fine", `through its owner ${line.owner}`) : "",
      line.party ? made("b", "clipped", line.party) : "",
      made("span", "fine clipped", [line.facts, line.party && line.why].filter(Boolean).join(" · ")),
      isHead ? this.siblings(line) : "",
    );
    row.append(
      made("td", "tick", tick),
      made("td", "number", String(line.row)),
      name,
      party,
      this.status(line),
      made("td", "number", line.score ?? ""),
    );
    return row;
  }

  // The button that shows the other parties that a counterparty may be, or folds them away.
  siblings(line) {
    const who = counterparty(line);
    const others = this.picked().filter((each) => counterparty(each) === who).length - 1;
    if (others < 1) {
      return "";
    }
    const isOpen = this.unfolded.has(who);
    const button = made("button", "aslink siblings", isOpen ? "fold the others" : `${number(others)} more`);
    button.type = "button";
    button.setAttribute("aria-expanded", String(isOpen));
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.unfolded[isOpen ? "delete" : "add"](who);
      this.current = line.place;
      this.drawLines();
      this.focus(line.place);
    });
    return button;
  }

  opener(line) {
    if (!line.href) {
      const plain = made("span", "", line.name || "–");
      plain.tabIndex = 0;
      return plain;
    }
    const button = asker(line.href, line.name || "–", "aslink");
    button.setAttribute("aria-describedby", "keys-of-lines");
    return button;
  }

  status(line) {
    const more = line.more ? `${number(line.more)} more ${line.more === 1 ? "measure" : "measures"}` : "";
    return made(
      "td",
      "",
      line.shape ? badge(line.shape, line.badge) : "",
      line.own_day ? made("span", "fine ownday", line.own_day) : "",
      line.does ? made("span", "does", line.does) : "",
      made("span", "fine", [line.found, more].filter(Boolean).join(" · ")),
    );
  }

  // Choosing

  places() {
    return this.filtered().map((line) => line.place);
  }

  choose(places, isChosen) {
    for (const place of places) {
      this.chosen[isChosen ? "add" : "delete"](place);
      const tick = this.rowAt(place)?.querySelector("input");
      if (tick) {
        tick.checked = isChosen;
      }
    }
    this.drawChosen();
    speak(`${number(this.chosen.size)} selected`, true);
  }

  ticked(event) {
    const row = event.target.closest("tr");
    this.choose([row.dataset.place], event.target.checked);
  }

  // Moving

  rowAt(place) {
    return at("lines").querySelector(`[data-place="${place}"]`);
  }

  focus(place) {
    const row = this.rowAt(place);
    (row?.querySelector("th button, th span[tabindex]") ?? row)?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  step(by, isChoosing) {
    const places = this.places();
    const from = places.indexOf(this.current);
    const next = placeAfter(from, by, places.length);
    if (next < 0) {
      return;
    }
    while (next >= this.shown) {
      this.shown += SHOWN;
      this.drawLines();
    }
    if (isChoosing) {
      this.choose([places[Math.max(from, 0)], places[next]], true);
    }
    this.current = places[next];
    this.focus(this.current);
    if (this.open !== null) {
      this.show(this.current);
    }
  }

  pressed(event) {
    const isLetter = event.key === "j" || event.key === "k";
    if (event.ctrlKey || event.metaKey || event.altKey || (isLetter && !keysAreOn())) {
      return;
    }
    const isBeside = at("beside").contains(event.target);
    const inLines = at("lines").contains(event.target);
    const act = this.actionOf(event, inLines, isBeside);
    if (act) {
      event.preventDefault();
      act();
    }
  }

  actionOf(event, inLines, isBeside) {
    const isTick = event.target.type === "checkbox";
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        return inLines ? () => this.step(event.key === "ArrowDown" ? 1 : -1, event.shiftKey) : null;
      case "j":
      case "k":
        return inLines || isBeside ? () => this.step(event.key === "j" ? 1 : -1, false) : null;
      case "Enter":
        return inLines && !isTick ? () => this.show(this.current, true) : null;
      case " ":
        return inLines && !isTick ? () => this.choose([this.current], !this.chosen.has(this.current)) : null;
      case "Escape":
        return this.open !== null ? () => this.close() : null;
      default:
        return null;
    }
  }

  clicked(event) {
    const row = event.target.closest("tr");
    if (!row || event.target.closest("input") || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    this.current = row.dataset.place;
    this.focus(this.current);
    this.show(this.current);
  }

  // What is known of a line, beside it

  async show(place, isRead = false) {
    const line = this.lines.find((each) => each.place === place);
    if (!line) {
      return;
    }
    this.mark(place);
    at("beside").hidden = false;
    at("results").classList.add("has-beside");
    let content;
    try {
      content = this.detail(line, await this.detailOf(line));
    } catch (error) {
      content = [made("p", "refused", error.message)];
    }
    if (this.open !== place) {
      return;
    }
    at("beside-title").textContent = visible(line.party ?? (line.name || `Row ${line.row}`));
    at("detail").replaceChildren(...content);
    this.rowAt(place)?.scrollIntoView({ block: "nearest" });
    if (isRead) {
      at("beside-title").focus();
    }
  }

  mark(place) {
    this.rowAt(this.open)?.classList.remove("is-open");
    this.open = place;
    this.rowAt(place)?.classList.add("is-open");
  }

  close() {
    const place = this.open;
    this.mark(null);
    at("beside").hidden = true;
    at("results").classList.remove("has-beside");
    this.focus(place);
  }

  detail(line, party) {
    const isScore = /^\d/.test(line.score ?? "");
    const score = isScore ? `score ${line.score}` : (line.score ?? "");
    const facts = [line.facts, score].filter(Boolean).join(" · ");
    const listings = (party.listings ?? []).length;
    const through = (party.through ?? []).length;
    const unshown = party.unshown ? `${number(party.unshown)} more listings were found than are shown here.` : "";
    const brought = through ? `, and ${through} that only this party brings` : "";
    const met = listings ? `Lists: ${(party.lists ?? []).join(", ")}. Listings that the name meets: ${listings}${brought}.` : "";
    return [
      made("p", "muted", `Row ${line.row}: ${line.name}${line.owner ? `, through its owner ${line.owner}` : ""}`),
      made("p", "", facts),
      made("p", "", line.why ?? line.found),
      ...(party.measures ?? []).map((each) => this.measure(each)),
      line.party && !(party.measures ?? []).length ? badge("unknown", line.badge) : "",
      made("p", "fine", met),
      made("p", "fine", unshown),
      made(
        "p",
        "actions",
        line.href ? asker(line.href, "The whole answer", "aslink") : "",
        party.party_id ? linkTo(partyAddress(party.party_id, line.href), "This party over all lists") : "",
      ),
    ].filter((each) => each !== "" && each.textContent !== "");
  }

  measure(it) {
    const next = it.next_change_on ? `${it.next_change_on}: ${it.next_change_to}` : "";
    return made(
      "section",
      "measure-beside",
      badge(shapeOf(it.status), it.badge),
      made("h4", "", it.title),
      it.condition ? made("p", "question", `${it.condition} If so:`) : "",
      made("p", "does", it.effect),
      made("p", "fine", it.sentence),
      it.own_day ? made("p", "fine ownday", it.own_day) : "",
      next ? made("p", "fine", `Next change on record: ${next}`) : "",
      made("p", "fine", `${it.authority} · ${it.lists.join(", ")}`),
    );
  }
}
