"""From the bytes of an answer to evidence: what was asked, what was found, on which lists."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC

import msgspec

from service.model.answer import (
    CounterpartyResult,
    Hit,
    ListCoverage,
    OwnerResult,
    OwnershipResult,
    ScreeningAnswer,
)
from service.model.coming import HitChange
from service.model.errors import BadInputError
from service.model.on_day import MeasureOnDay
from service.model.owned import OwnershipFinding
from service.model.transaction import OpenQuestion, Restrictions
from service.web.acts import Act, acts_of, safe_link
from service.web.badges import badge_of, plain_badge_of
from service.web.dates import day
from service.web.evidence_lanes import WIDTH, lane_from
from service.web.evidence_pages import pages_of
from service.web.evidence_parts import (
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
)
from service.web.evidence_words import (
    answer_line,
    complete_line,
    days_line,
    described,
    holding_in_words,
    list_doubt,
    question_line,
)
from service.web.notes import fine_print
from service.web.scale import Scale, stretch_around
from service.wording import (
    AskedOf,
    found_in_words,
    headline,
    licence_in_words,
    matched_in_words,
    notes,
    policies_in_words,
    sentence,
)
from service.wording.answers import warning_text
from service.wording.hits import agreements, gone_in_words, hit_notes
from service.wording.numbers import plural
from service.wording.own_days import own_day_of
from service.wording.titles import country_name, list_authority, list_title

_NO_OWNERS = OwnershipResult(owners=(), findings=(), not_known=())


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a print adds to an answer: answers to questions by measure, a judgement, which page."""

    given: Mapping[str, Given]
    judgement: Judgement
    page: int = 1


def evidence_of(content: bytes, asked: Asked) -> Evidence:
    """The evidence of an answer.

    Raises:
        BadInputError: There is no such page of its counterparties, or another version of this
            program gave the answer in a shape that cannot be laid out.
    """
    try:
        answer = _read(content)
    except msgspec.DecodeError as error:
        reason = "was answered by a version of this program whose answers cannot be laid out here"
        raise BadInputError("screening", reason) from error
    pages = pages_of(answer.results)
    if not 1 <= asked.page <= len(pages):
        raise BadInputError("page", f"there is no page {asked.page} of this screening")
    return _Builder(answer, asked).evidence(hashlib.sha256(content).hexdigest(), pages)


def _read(content: bytes) -> ScreeningAnswer:
    """An answer, each counterparty by itself: in one go the longest hold up everything else.

    Raises:
        msgspec.DecodeError: It has another shape.
    """
    fields = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    results = msgspec.json.decode(fields.get("results", b""), type=list[msgspec.Raw])
    without = msgspec.json.encode({**fields, "results": ()})
    answer = msgspec.json.decode(without, type=ScreeningAnswer)
    decoder = msgspec.json.Decoder(CounterpartyResult)
    # no `map`: between its items no other thread has a turn
    return msgspec.structs.replace(answer, results=tuple(decoder.decode(each) for each in results))


class _Builder:
    """Lays one answer out."""

    def __init__(self, answer: ScreeningAnswer, asked: Asked) -> None:
        self._answer = answer
        self._asked = asked
        self._answered = {key for key, said in asked.given.items() if said in {"yes", "no"}}
        asked_on = answer.asked_at.astimezone(UTC).date()
        self._asked_on = None if asked_on == answer.as_of else asked_on
        self._scale = self._scale_of(answer)

    def evidence(self, sha256: str, pages: tuple[tuple[int, int], ...]) -> Evidence:
        answer = self._answer
        first, end = pages[self._asked.page - 1]
        return Evidence(
            id=str(answer.id) if answer.stored else None,
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
            judgement=self._asked.judgement,
        )

    def _scale_of(self, answer: ScreeningAnswer) -> Scale:
        hits = (hit for result in answer.results for hit in (*result.hits, *result.left))
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
        ownership = result.ownership or _NO_OWNERS
        answer = self._answer
        asked = AskedOf(
            as_of=answer.as_of,
            known_at=answer.known_at,
            threshold=answer.threshold,
            coverage=answer.coverage,
        )
        return PartyLine(
            name=result.name,
            id=result.id,
            answer=f"{result.name}: {headline(result, self._answered)}.",
            worth=found_in_words(result, asked),
            hits=tuple(map(self._hit, result.hits)),
            left=tuple(map(self._hit, result.left)),
            owners=tuple(map(self._owner, ownership.owners)),
            findings=tuple(map(self._finding, ownership.findings)),
            open=ownership.not_known,
            warnings=tuple(map(warning_text, result.warnings)),
        )

    def _hit(self, hit: Hit) -> HitLine:
        listing = hit.listing
        return HitLine(
            name=listing.primary_name,
            list_title=list_title(listing.list_code),
            authority=list_authority(listing.list_code),
            listing_id=listing.id,
            entry_id=listing.entry_id,
            countries=", ".join(map(country_name, listing.countries)),
            score=f"{hit.score:.2f}",
            met=f"“{hit.matched.query}” met its {matched_in_words(hit)}",
            says=tuple(_says(hit)),
            acts=acts_of(listing.citations),
            measures=tuple(self._measure(each, hit) for each in hit.measures),
            gone=gone_in_words(hit.standing),
        )

    def _measure(self, measure: MeasureOnDay, hit: Hit | None = None) -> MeasureLine:
        told = notes(measure) if hit is None else hit_notes(measure, hit)
        condition = measure.condition
        return MeasureLine(
            measure_id=measure.id,
            title=measure.title,
            authority=f"{measure.jurisdiction} · {measure.authority}",
            badge=badge_of(measure),
            own_day=own_day_of(measure, self._answer.as_of),
            sentence=sentence(measure),
            notes=fine_print(told),
            acts=_acts(measure),
            lane=lane_from(measure, self._scale, self._asked_on),
            question=condition,
            given=None if condition is None else self._given(measure.id),
        )

    def _given(self, measure_id: str) -> Given:
        return self._asked.given.get(measure_id, "not given")

    def _owner(self, owner: OwnerResult) -> OwnerLine:
        return OwnerLine(
            name=owner.name,
            holds="; ".join(map(holding_in_words, owner.holdings)),
            found=tuple(map(self._hit, owner.hits)),
        )

    def _finding(self, finding: OwnershipFinding) -> FindingLine:
        words = {"met": "is met", "open": "is open", "not_met": "is not met"}[finding.verdict]
        most = "" if finding.sum_at_most is None else f", at most {finding.sum_at_most} %"
        verdict = (
            f"The test {words}: {finding.sum} % is stated to be held by listed owners{most}; "
            f"{finding.needed} % {'or more ' if finding.bound == 'at_least' else ''}is needed."
        )
        return FindingLine(verdict=verdict, measure=self._measure(finding.rule))

    def _goods(self, restrictions: Restrictions) -> Goods:
        trade = restrictions.transaction
        return Goods(
            described=None if trade is None else described(trade),
            summary=restrictions.summary,
            met=tuple(self._measure(each.measure) for each in restrictions.met),
            open=tuple(map(self._open_rule, restrictions.open_questions)),
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
        age=f"{age} (limit {plural(limit, 'day')})" if (limit := covered.max_age_days) else age,
        sha256=covered.sha256,
        doubt=list_doubt(covered),
    )


def _says(hit: Hit) -> Iterator[str]:
    """What the entry itself says of licences, and what speaks for or against the hit."""
    if hit.licence is not None:
        yield licence_in_words(hit.licence)
        yield from policies_in_words(hit.licence)
    yield from (f"{each[:1].upper()}{each[1:]}." for each in agreements(hit))
    if hit.changed is not None:
        yield _changed(hit.changed)


def _changed(change: HitChange) -> str:
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    measures = ", ".join(each.title for each in change.measures)
    also = f"; measures that changed: {measures}" if measures else ""
    return f"Since {day(change.since)} the entry is {change.listing}{fields}{also}."


def _acts(measure: MeasureOnDay) -> tuple[Act, ...]:
    """The measure's own act, then the acts its status rests on, each once."""
    own = Act(text=measure.citation, url=safe_link(measure.url))
    others = (
        Act(text=each.citation, url=safe_link(each.url))
        for each in (*measure.rests_on, *measure.disputed, *measure.upcoming)
        if each.citation is not None
    )
    return tuple({act.text: act for act in (*others, own)}.values())
