"""From the bytes of an answer to evidence: the question, the findings, the lists searched."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date
from itertools import pairwise

import msgspec

from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    FoundParty,
    Hit,
    ListCoverage,
    OwnerResult,
    OwnershipResult,
    PartyHit,
    PartyResult,
    ScreeningAnswer,
)
from abeyance_screening.engine.screening.coverage_line import STATES, coverage_line
from abeyance_screening.engine.screening.ownership_findings import Holding, OwnershipFinding
from abeyance_screening.engine.screening.question import read_percent
from abeyance_screening.engine.screening.trade.transaction import (
    Item,
    OpenQuestion,
    Restrictions,
    Transaction,
)
from abeyance_screening.engine.wording import (
    MeasureText,
    answer_terms,
    count_in_words,
    headline,
    hit_text,
    measure_text,
)
from abeyance_screening.engine.wording.answers import warning_text
from abeyance_screening.engine.wording.hits import score_in_words
from abeyance_screening.engine.wording.notes import as_of_in_words, own_day_of
from abeyance_screening.engine.wording.parties import party_effect, party_facts
from abeyance_screening.engine.wording.questions import counterparty_text, question_text
from abeyance_screening.engine.wording.shapes import (
    Scale,
    badge_of,
    day,
    links_to,
    plain_badge_of,
    stretch_around,
)
from abeyance_screening.engine.wording.titles import country_name, list_title
from abeyance_screening.features.evidence.pdf import (
    WIDTH,
    EffectLine,
    Evidence,
    FindingLine,
    Given,
    Goods,
    HitLine,
    Judgement,
    ListLine,
    MeasureLine,
    OpenRule,
    OwnerLine,
    PartyLine,
    lane_from,
    pdf_of,
)
from abeyance_screening.primitives.days import Days, plural
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import go_on

# The most counterparties and hits on one page: more would make a page that nobody reads, and a PDF
# that takes long to write.
AT_ONCE = 50
HITS_AT_ONCE = 400

_MOST_NAMES = 3

_NO_OWNERS = OwnershipResult(owners=(), findings=(), not_known=())


class PrintRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a print adds to an answer: answers by measure id, a judgement, the page number."""

    given: Mapping[str, Given]
    judgement: Judgement
    page: int = 1


class PdfRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence wanted as a PDF: the pieces of an answer, and what the print adds to it."""

    pieces: tuple[bytes, ...]
    wanted: PrintRequest


def write_pdf(request: bytes) -> bytes:
    """Write the PDF of a `PdfRequest` in msgpack.

    Raises:
        BadInputError: The answer has no such page.
    """
    asked = msgspec.msgpack.decode(request, type=PdfRequest)
    return pdf_of(evidence_of(b"".join(asked.pieces), asked.wanted))


def pages_of(results: Iterable[PartyResult]) -> tuple[tuple[int, int], ...]:
    """Return the first counterparty of each page, counted from 0, and the one after its last.

    A page has at least one counterparty, and otherwise as many as the limits allow.
    """
    starts, hits = [0], 0
    place = 0
    for place, result in enumerate(results):
        brought = sum(len(each.through) for each in result.parties)
        found = len(result.hits) + len(result.delisted) + brought
        is_full = place - starts[-1] == AT_ONCE or hits + found > HITS_AT_ONCE
        if place > starts[-1] and is_full:
            starts.append(place)
            hits = 0
        hits += found
    return tuple(pairwise((*starts, place + 1)))


def question_line(answer: ScreeningAnswer) -> str:
    """Return the names that were asked about: at most three, and how many more."""
    names = [each.name for each in answer.results]
    rest = len(names) - _MOST_NAMES
    first = ", ".join(f"“{name}”" for name in names[:_MOST_NAMES])
    return first if rest <= 0 else f"{first} and {rest:,} more"


def days_line(answer: ScreeningAnswer) -> str:
    """Return the two days of the question, with the authorities whose local day differed."""
    elsewhere = tuple(sorted({each for each in _own_days(answer) if each[1] != answer.as_of}))
    days = Days(as_of=answer.as_of, known_at=answer.known_at, as_of_by=elsewhere)
    return f"in force on {as_of_in_words(days, None)}, as publicly known on {day(answer.known_at)}"


def answer_line(answer: ScreeningAnswer, answered: Collection[str] = ()) -> str:
    """Return the answer in a line: numbers, no conclusion.

    `answered` are the ids of the rules whose question was answered yes or no.
    """
    results = answer.results
    if len(results) == 1:
        return _told(results[0], answered)
    met = sum(each.outcome in {"hits", "owner_hits"} for each in results)
    unsure = sum(each.outcome == "incomplete" for each in results)
    rest = f"; {unsure:,} with an incomplete answer" if unsure else ""
    return f"{plural(len(results), 'counterparty', 'counterparties')}: {met:,} with hits{rest}"


def _told(result: CounterpartyResult, answered: Collection[str]) -> str:
    """Return the sentence of a result, with what must be found out; one kept before has none."""
    if result.answer is None:
        return f"{result.name}: {headline(result, answered)}."
    find_out = [f"Find out {each.what}. {each.because}" for each in result.answer.depends_on]
    return " ".join((result.answer.sentence, *find_out))


def complete_line(answer: ScreeningAnswer) -> str:
    """Return whether the absence of a hit can be relied on, and why not."""
    asked_on = answer.asked_at.astimezone(UTC).date()
    line = coverage_line(answer.coverage, answer.as_of, asked_on, found=True)
    if answer.coverage.complete:
        return f"Complete. {line}"
    return (
        f"Incomplete answer. {line} That a name was not found does not mean that it is not listed."
    )


def list_doubt(covered: ListCoverage) -> str | None:
    """Return why a listing may have been missed on a list; None where the list is fresh."""
    if covered.state == "fresh" and covered.reason is None:
        return None
    state = STATES[covered.state]
    return state if covered.reason is None else f"{state}: {covered.reason}"


def trade_in_words(trade: Transaction) -> str:
    """Return the trade in a line, with “not given” for everything that was left out."""
    items = "; ".join(map(_item, trade.items)) or "goods not given"
    origin = "origin not given" if trade.origin is None else f"from {trade.origin}"
    to = "destination not given" if trade.destination is None else f"to {trade.destination}"
    use = "end use not given" if trade.end_use is None else f"for {trade.end_use} use"
    return f"{items}, {origin}, {to}, {use}".replace("_", " ")


def holding_in_words(holding: Holding) -> str:
    """Write how much of what an owner holds: `55 % of Acme, controls it`."""
    share = "share not stated" if holding.share is None else f"{holding.share} %"
    control = {True: ", controls it", False: ", does not control it", None: ""}[holding.control]
    return f"{share} of {holding.owned.name}{control}"


def evidence_of(content: bytes, wanted: PrintRequest) -> Evidence:
    """Return the evidence of an answer, given as its JSON bytes.

    Raises:
        BadInputError: The answer has no such page, or another version of this program wrote it in
            a format that cannot be read.
    """
    try:
        answer = _read(content)
    except msgspec.DecodeError as error:
        reason = "was answered by another version of this program, in a format not readable here"
        raise BadInputError("screening", reason) from error
    pages = pages_of(answer.results)
    if not 1 <= wanted.page <= len(pages):
        raise BadInputError("page", f"there is no page {wanted.page} of this screening")
    return _Builder(answer, wanted).evidence(hashlib.sha256(content).hexdigest(), pages)


def _own_days(answer: ScreeningAnswer) -> Iterator[tuple[str, date]]:
    """Yield jurisdiction and day of each status in the answer."""
    for result in answer.results:
        owned = result.ownership
        parties = (result, *(() if owned is None else owned.owners))
        for hit in (hit for party in parties for hit in (*party.hits, *party.delisted)):
            yield from ((each.jurisdiction, each.as_of) for each in hit.measures)
    reach = answer.restrictions
    for each in (*reach.met, *reach.ended):
        yield each.measure.jurisdiction, each.measure.as_of
    for question in reach.open_questions:
        if question.as_of is not None:
            yield question.jurisdiction, question.as_of


def _item(item: Item) -> str:
    return ", ".join(_pieces(item))


def _pieces(item: Item) -> Iterator[str]:
    if item.description is not None:
        yield item.description
    if item.hs is not None:
        yield f"HS {item.hs}"
    if item.control_code is not None:
        yield f"control code {item.control_code}"


def _read(content: bytes) -> ScreeningAnswer:
    """Decode an answer, one counterparty after another, so that other threads have their turn."""
    fields = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    results = msgspec.json.decode(fields.get("results", b""), type=list[msgspec.Raw])
    without = msgspec.json.encode({**fields, "results": ()})
    answer = msgspec.json.decode(without, type=ScreeningAnswer)
    decoder = msgspec.json.Decoder(CounterpartyResult, dec_hook=read_percent)
    # not with `map`, which gives other threads no turn between its items
    return msgspec.structs.replace(answer, results=tuple(decoder.decode(each) for each in results))


class _Builder:
    """The builder of one answer's evidence."""

    def __init__(self, answer: ScreeningAnswer, wanted: PrintRequest) -> None:
        self._answer = answer
        self._wanted = wanted
        self._answered = {key for key, word in wanted.given.items() if word in {"yes", "no"}}
        asked_on = answer.asked_at.astimezone(UTC).date()
        self._asked_on = None if asked_on == answer.as_of else asked_on
        self._scale = self._scale_of(answer)

    def evidence(self, sha256: str, pages: tuple[tuple[int, int], ...]) -> Evidence:
        """Return the evidence of the page that was asked for; `sha256` is that of the answer."""
        answer = self._answer
        first, end = pages[self._wanted.page - 1]
        return Evidence(
            id=None if answer.id is None else str(answer.id),
            sha256=sha256,
            asked_at=answer.asked_at.astimezone(UTC),
            as_of=answer.as_of,
            known_at=answer.known_at,
            question=question_line(answer),
            days=days_line(answer),
            answer=answer_line(answer, self._answered),
            complete=complete_line(answer),
            scorer=(
                f"Scorer {answer.scorer}, threshold {answer.threshold:.2f}, "
                f"at most {plural(answer.limit, 'hit')} by name for each counterparty"
            ),
            lists=tuple(map(_list, answer.coverage.lists)),
            parties=tuple(map(self._party, answer.results[first:end])),
            first=first + 1,
            total=len(answer.results),
            pages=pages,
            goods=self._goods(answer.restrictions),
            judgement=self._wanted.judgement,
            asked=question_text(answer.question),
        )

    def _scale_of(self, answer: ScreeningAnswer) -> Scale:
        hits = (hit for result in answer.results for hit in (*result.hits, *result.delisted))
        changes = {
            each
            for hit in hits
            for measure in hit.measures
            for each in (measure.since, measure.next_change_on)
            if each is not None
        }
        first, last = stretch_around(answer.as_of, self._asked_on or answer.as_of, changes)
        return Scale(first=first, last=last, width=WIDTH)

    def _party(self, result: CounterpartyResult) -> PartyLine:
        go_on()
        ownership = result.ownership or _NO_OWNERS
        return PartyLine(
            name=result.name,
            id=result.id,
            answer=_told(result, self._answered),
            worth=count_in_words(result, answer_terms(self._answer)),
            effects=tuple(self._effect(each, result.hits) for each in result.parties),
            hits=tuple(map(self._hit, result.hits)),
            through=tuple(self._hit(hit) for party in result.parties for hit in party.through),
            delisted=tuple(map(self._hit, result.delisted)),
            owners=tuple(map(self._owner, ownership.owners)),
            findings=tuple(map(self._finding, ownership.findings)),
            open=ownership.not_known,
            warnings=tuple(map(warning_text, result.warnings)),
            asked=counterparty_text(result.asked),
        )

    def _effect(self, party: FoundParty, hits: Iterable[Hit]) -> EffectLine:
        """Return what the law does to a party, by those of the hits that are its listings."""
        listings = (*party.hits_among(hits), *party.through)
        texts = [hit_text(each, self._answer.as_of) for each in listings]
        measures = [measure for text in texts for measure in text.measures]
        lists = dict.fromkeys(text.list_title for text in texts)
        facts = (each for fact in party_facts(party) if fact.in_line for each in fact.in_words)
        met = any(each.corroboration.identifiers for each in party.hits_among(hits))
        strength = score_in_words(party.score, number_met=met)
        return EffectLine(
            name=party.name,
            found=" · ".join((strength, *facts, ", ".join(lists))),
            effect=party_effect(measures, self._answer.as_of, self._wanted.given).whole,
        )

    def _hit(self, hit: Hit | PartyHit) -> HitLine:
        listing, text = hit.listing, hit_text(hit, self._answer.as_of)
        is_met = isinstance(hit, Hit)
        return HitLine(
            text=text,
            countries=", ".join(map(country_name, listing.countries)),
            score=score_in_words(hit.score, number_met=bool(hit.corroboration.identifiers))
            if is_met
            else "no score",
            met=f"“{hit.matched.query}” matches its {text.matched}"
            if is_met
            else text.matched.capitalize(),
            acts=links_to(text.acts),
            measures=tuple(map(self._line, text.measures)),
        )

    def _measure(self, measure: MeasureOnDay) -> MeasureLine:
        return self._line(measure_text(measure, self._answer.as_of))

    def _line(self, text: MeasureText) -> MeasureLine:
        measure = text.measure
        return MeasureLine(
            measure_id=measure.id,
            text=text,
            badge=badge_of(measure),
            acts=links_to(text.acts),
            lane=lane_from(measure, self._scale, self._asked_on),
            given=None if text.question is None else self._given(measure.id),
        )

    def _given(self, measure_id: str) -> Given:
        return self._wanted.given.get(measure_id, "not given")

    def _owner(self, owner: OwnerResult) -> OwnerLine:
        return OwnerLine(
            name=owner.name,
            holds="; ".join(map(holding_in_words, owner.holdings)),
            found=tuple(map(self._hit, owner.hits)),
        )

    def _finding(self, finding: OwnershipFinding) -> FindingLine:
        words = {"met": "is met", "open": "is open", "not_met": "is not met"}[finding.verdict]
        most = "" if finding.sum_at_most is None else f", at most {finding.sum_at_most} %"
        is_or_more = finding.bound == "at_least"
        needed = f"{finding.needed} % or more" if is_or_more else f"more than {finding.needed} %"
        verdict = (
            f"The test {words}: by what is stated, listed owners hold {finding.sum} %{most}; "
            f"{needed} is needed."
        )
        return FindingLine(verdict=verdict, measure=self._measure(finding.rule))

    def _goods(self, restrictions: Restrictions) -> Goods:
        trade = restrictions.transaction
        return Goods(
            described=None if trade is None else trade_in_words(trade),
            summary=restrictions.summary,
            met=tuple(self._measure(each.measure) for each in restrictions.met),
            open=tuple(map(self._open_rule, restrictions.open_questions)),
            more=restrictions.more_questions,
            notes=restrictions.notes,
        )

    def _open_rule(self, rule: OpenQuestion) -> OpenRule:
        return OpenRule(
            measure_id=rule.id,
            title=rule.title,
            badge=plain_badge_of(rule.status),
            own_day=own_day_of(rule, self._answer.as_of),
            question=rule.question,
            given=self._given(rule.id),
        )


def _list(covered: ListCoverage) -> ListLine:
    age = "age not known" if covered.age_days is None else f"{plural(covered.age_days, 'day')} old"
    role = "" if covered.role == "required" else ", advisory"
    edition = "no edition"
    if covered.edition is not None:
        known = covered.published_on
        of = "of unknown day" if known is None else f"of {day(known)}"
        entries = plural(covered.entry_count or 0, "entry", "entries")
        edition = f"edition {covered.edition} {of}, {entries}, from {covered.source}"
    return ListLine(
        title=list_title(covered.code),
        code=covered.code,
        edition=edition,
        age=f"{age}{_limit(covered)}{role}",
        sha256=covered.sha256,
        doubt=list_doubt(covered),
    )


def _limit(covered: ListCoverage) -> str:
    limit = covered.max_age_days
    return "" if limit is None else f" (limit {plural(limit, 'day')})"
