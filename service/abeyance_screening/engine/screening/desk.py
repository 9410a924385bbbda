"""The desk: everything a caller can ask, over HTTP or on the command line."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID, uuid4

import msgspec

from abeyance_screening.engine.lists.edition import ListingVersion
from abeyance_screening.engine.lists.listing import policy_of, read_licence_terms
from abeyance_screening.engine.measures.board import CurrentBoard, MeasureBoard
from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Coverage,
    ListAnswer,
    ListingAnswer,
    PartyAnswer,
    PartyHit,
    ScreeningAnswer,
    ScreeningHead,
    SearchAnswer,
    TextAnswer,
)
from abeyance_screening.engine.screening.answer_brief import BriefResult, CoverageRecord, View
from abeyance_screening.engine.screening.answer_json import (
    CurrentShelf,
    Shelf,
    Writer,
    joined,
    measures_of,
    show,
    unknown_programmes_of,
)
from abeyance_screening.engine.screening.applicable_versions import on_day, on_no_list, speaking
from abeyance_screening.engine.screening.brevity import Brevity, CoverageRecords
from abeyance_screening.engine.screening.changes import ListingState, states_of
from abeyance_screening.engine.screening.coverage import lists_on
from abeyance_screening.engine.screening.finder import READ_AHEAD
from abeyance_screening.engine.screening.in_text import find_in_text
from abeyance_screening.engine.screening.index.basis import Basis, held_of
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.open_screening import OpenHead, OpenScreening
from abeyance_screening.engine.screening.owners import result_with_owners
from abeyance_screening.engine.screening.parties.table import (
    OwnerSource,
    owners_of,
    party_answer,
    profile_of,
)
from abeyance_screening.engine.screening.question import (
    Question,
    QuestionDefaults,
    QuestionTerms,
    ScreeningQuestion,
    ScreeningTerms,
)
from abeyance_screening.engine.screening.question_record import BasisRegister, QuestionRecord
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.storage import (
    HistoryQuery,
    ScreeningHold,
    ScreeningPage,
    ScreeningStore,
    kept_page,
    read_stored,
    results_of,
    summary_of,
)
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import Restrictions
from abeyance_screening.engine.screening.validate import (
    question_from,
    question_in_turns,
    text_question_from,
)
from abeyance_screening.primitives.days import Days, days_at
from abeyance_screening.primitives.errors import (
    BadInputError,
    NotFoundError,
    StoreUnavailableError,
    TooMuchWorkError,
)
from abeyance_screening.primitives.fair_scheduler import give_turns, let_go
from abeyance_screening.primitives.structs import copy_as

logger = logging.getLogger(__name__)


class Dependencies(msgspec.Struct, frozen=True, kw_only=True):
    """What comes from outside: the clock (UTC), new ids, and all versions of a listing.

    `versions_of` takes a listing id; None means that none can be read. `count_outcome` is called
    with the outcome of each counterparty that was asked about. `keep_coverage` stores what a brief
    answer refers to by its id; None means that brief answers tell it whole. `version` is that of
    the program.
    """

    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    version: str
    versions_of: Callable[[str], Awaitable[tuple[ListingVersion, ...]]] | None = None
    count_outcome: Callable[[str], None] = lambda _: None
    keep_coverage: Callable[[CoverageRecord], Awaitable[None]] | None = None

    def today(self) -> date:
        """Return the current day in UTC."""
        return self.now().astimezone(UTC).date()


type Charge = Callable[[int], Awaitable[None]]
"""What counts the counterparties of a caller's questions."""


class DeskAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer about one counterparty and its owners: a screening that is not kept."""

    question: Question
    scorer: str
    coverage: Coverage
    result: CounterpartyResult
    restrictions: Restrictions


class _Memory:
    """What a desk makes once and remembers: parts of answers."""

    def __init__(self, outside: Dependencies) -> None:
        self.shelf = CurrentShelf()
        self.past_shelf = CurrentShelf()
        self.coverages = CoverageRecords(outside.keep_coverage)


class DeskCaller(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks at a desk: what their key says of questions, and where their account keeps answers.

    `account` is None where nobody's is known, and no profile of an account counts.

    `screenings` None means that none is kept and none can be read. `charge` is called with the
    number of counterparties before a question is answered, and raises what refuses it; a search
    and a text count as one.
    """

    account: str | None = None
    defaults: QuestionDefaults = QuestionDefaults()
    screenings: ScreeningStore | None = None
    charge: Charge | None = None


class Desk:
    """Answers questions from the index and the register that this process holds.

    `NotReadyError` is raised as long as nothing was loaded, or the register was not read.
    """

    def __init__(
        self,
        current: CurrentIndex,
        boards: CurrentBoard,
        outside: Dependencies,
        caller: DeskCaller | None = None,
        memory: _Memory | None = None,
    ) -> None:
        self.current = current
        self._boards = boards
        self._outside = outside
        self._caller = DeskCaller() if caller is None else caller
        self._memory = _Memory(outside) if memory is None else memory

    def of(self, caller: DeskCaller) -> "Desk":
        """Return the desk of a caller, which shares all that this one remembers of lists and law.

        It alone keeps screenings and reads them.
        """
        return Desk(self.current, self._boards, self._outside, caller, self._memory)

    @property
    def of_account(self) -> "Desk":
        """The desk of the same caller for questions that leave nothing to the key."""
        return self.of(msgspec.structs.replace(self._caller, defaults=QuestionDefaults()))

    @property
    def board(self) -> MeasureBoard:
        """The measures as they are now."""
        return self._boards.get()

    @property
    def register_revision(self) -> int:
        """The revision of the register that answers come from."""
        return self._boards.revision

    def today(self) -> date:
        """Return the day that counts as today, in UTC."""
        return self._outside.today()

    def now(self) -> datetime:
        """Return the current moment in UTC."""
        return self._outside.now().astimezone(UTC)

    def days(self, as_of: date | None, known_at: date | None, at: datetime | None = None) -> Days:
        """Return the days asked for, as `days_at` does; it raises the same errors."""
        return days_at(as_of, known_at, at, self._outside.now())

    def days_of(self, terms: QuestionTerms) -> Days:
        """Return the days of a question; it raises what `days` does."""
        return self.days(terms.as_of, terms.known_at, terms.at)

    async def screen(
        self, question: ScreeningQuestion, days: Days | None = None, view: View = "full"
    ) -> tuple[bytes, ...]:
        """Return a `ScreeningAnswer` as JSON; it is kept unless keeping is turned off.

        In brief it is a `BriefScreening`; what is kept is always the full answer.

        While it is made, other work gets its turn. Here and below, `days` are those that the
        caller has worked out already; without them, they are worked out from the question.

        Raises:
            BadInputError: The question cannot be answered as it is, or asks to be kept where
                nothing is.
            StoreUnavailableError: The answer could not be kept, so none is given.
        """
        kept = self._caller.screenings if self.is_kept(question) else None
        days = days or self.days_of(question)
        answer, shelf = await self._answered(
            question, days, None if kept is None else self.new_id()
        )
        pieces = (
            await self._brief_screening(answer, answer.restrictions, answer.results)
            if view == "brief"
            else ()
        )
        if kept is not None or not pieces:
            written = await Writer(shelf).screening(answer)
            pieces = pieces or written.pieces
            if kept is not None and answer.id is not None:
                await kept.add(answer.id, answer.asked_at, written, summary_of(answer.results))
        held: list[object] = [*answer.results]
        del answer
        await let_go(held)
        return pieces

    async def _brief_screening(
        self,
        head: ScreeningHead,
        restrictions: Restrictions,
        results: Iterable[CounterpartyResult],
    ) -> tuple[bytes, ...]:
        """Return a screening in brief, as JSON."""
        coverage = await self._memory.coverages.brief(head.coverage)
        brief, done = Brevity(), list[BriefResult]()
        for each in results:
            await give_turns()
            done.append(brief.result(each))
        return (msgspec.json.encode(brief.screening(head, restrictions, coverage, done)),)

    def is_kept(self, question: ScreeningQuestion) -> bool:
        """Return whether a screening is kept: as its question says, else as service and key do.

        Raises:
            BadInputError: It asks to be kept, and the service or the key keeps nothing.
        """
        if question.store and not self.keeps:
            raise BadInputError("store", "is true, and this service or this key keeps nothing")
        return self.keeps if question.store is None else question.store

    @property
    def keeps(self) -> bool:
        """Whether screenings are kept: the service keeps them, and the key does not forbid it."""
        return self._caller.screenings is not None and self._caller.defaults.store

    async def open(
        self,
        terms: QuestionTerms,
        days: Days | None = None,
        view: View = "full",
        sent: QuestionTerms | None = None,
    ) -> OpenScreening:
        """Begin a screening whose counterparties come later.

        They are not counted against the caller's limits here; see `count`. `sent` are the terms as
        they came, where these were filled in since.

        Raises:
            BadInputError: The question cannot be answered as it is.
        """
        asked = ScreeningQuestion.of(self.filled(terms))
        screener, shelf = await self._screener(question_from(asked, days or self.days_of(terms)))
        is_brief = view == "brief"
        brief = await self._memory.coverages.brief(screener.coverage) if is_brief else None
        now, count = self._outside.now(), self._outside.count_outcome
        record = self._record(screener, ScreeningQuestion.of(terms if sent is None else sent))
        return OpenScreening(screener, Writer(shelf), OpenHead(now, record, brief), count)

    async def answered(
        self,
        question: ScreeningQuestion,
        days: Days | None = None,
        sent: ScreeningQuestion | None = None,
    ) -> ScreeningAnswer:
        """Return a whole screening that is not kept, whatever the settings say.

        `sent` is the question as it came, where it is another one.

        Raises:
            BadInputError: The question cannot be answered as it is.
        """
        answer, _ = await self._answered(question, days or self.days_of(question), None)
        if sent is None or answer.question is None:
            return answer
        record = msgspec.structs.replace(answer.question, sent=copy_as(ScreeningTerms, sent))
        return msgspec.structs.replace(answer, question=record)

    async def _answered(
        self, asked: ScreeningQuestion, days: Days, key: UUID | None
    ) -> tuple[ScreeningAnswer, Shelf]:
        """Return the answer under an id, None if it is not kept, and the shelf of its pieces."""
        question = await question_in_turns(self.filled(asked), days)
        await self.count(len(question.counterparties))
        screener, shelf = await self._screener(question)
        results = list[CounterpartyResult]()
        for done in range(len(question.counterparties)):
            if done % READ_AHEAD == 0:
                ahead = question.counterparties[done : done + READ_AHEAD]
                await screener.finder.read_ahead(ahead)
            results.append(await self._result(screener, question, done))
        answer = ScreeningAnswer(
            id=key,
            question=self._record(screener, asked),
            asked_at=self._outside.now(),
            stored=key is not None,
            coverage=screener.coverage,
            results=tuple(results),
            restrictions=restrictions_on(
                self.board, question.transaction, question.days, question.questions
            ),
            **screener.head,
        )
        return answer, shelf

    def _record(self, screener: Screener, sent: ScreeningQuestion) -> QuestionRecord:
        """Return the record of a question that a screener answers, as it was sent."""
        boards, mark = self._boards, self._boards.mark
        register = BasisRegister(
            revision=boards.revision,
            changed=boards.changed,
            bundle_made_at=None if mark is None else mark.made_at,
            sha256=boards.digest,
        )
        return screener.record(sent, register, self._outside.version)

    async def screening(self, key: UUID, view: View = "full") -> tuple[bytes, ...]:
        """Return an earlier answer, byte for byte, or in brief.

        Raises:
            NotFoundError: None was kept under that id.
        """
        store = self._caller.screenings
        answer = None if store is None else await store.answer(key)
        if answer is None:
            raise NotFoundError("screening", str(key))
        return await self.shown(answer, view)

    async def shown(self, answer: Sequence[bytes], view: View) -> tuple[bytes, ...]:
        """Return a kept answer, which is given in pieces, in a view.

        Raises:
            BadInputError: It can only be shown in full.
        """
        if view == "full":
            return await joined(answer)
        kept = read_stored(answer)
        return await self._brief_screening(kept, kept.restrictions, results_of(kept))

    async def stored_screenings(self, query: HistoryQuery) -> ScreeningPage:
        """Return one page of the screenings that the caller's account keeps, newest first.

        Raises:
            BadInputError: The days contradict each other, or the cursor is not one of ours.
        """
        store = self._caller.screenings
        if store is None:
            return ScreeningPage(items=(), next_cursor=None)
        return await kept_page(store, query)

    async def delete_screening(self, key: UUID) -> None:
        """Delete an earlier answer for good.

        Raises:
            NotFoundError: None was kept under that id.
            ScreeningHeldError: It is held.
        """
        store = self._caller.screenings
        if store is None or not await store.delete(key):
            raise NotFoundError("screening", str(key))
        logger.info("screening.deleted", extra={"screening": str(key)})

    async def hold_of(self, key: UUID) -> ScreeningHold | None:
        """Return why an earlier answer is held; None if it is not."""
        store = self._caller.screenings
        return None if store is None else await store.hold_of(key)

    async def hold(self, key: UUID, because: str, by: str) -> ScreeningHold:
        """Keep an earlier answer from being deleted, by age or by anybody, until it is released.

        Raises:
            NotFoundError: None is kept under that id.
        """
        store = self._caller.screenings
        wanted = ScreeningHold(held_at=self.now(), held_by=by, held_because=because)
        held = None if store is None else await store.keep_as_evidence(key, wanted)
        if held is None:
            raise NotFoundError("screening", str(key))
        return held

    async def release(self, key: UUID, because: str) -> None:
        """End the hold of an earlier answer, which is then deleted as any other.

        Raises:
            NotFoundError: None is held under that id.
        """
        store = self._caller.screenings
        if store is None or not await store.release_evidence(key, because):
            raise NotFoundError("hold", str(key))

    async def search(
        self, asked: ScreeningQuestion, days: Days | None = None, view: View = "full"
    ) -> tuple[bytes, ...]:
        """Return the hits for one counterparty as JSON of a `SearchAnswer`; nothing is kept.

        In brief it is a `BriefSearch`.

        Raises:
            BadInputError: The question cannot be answered as it is.
        """
        question = question_from(self.filled(asked), days or self.days_of(asked), at="")
        await self.count(1)
        screener, shelf = await self._screener(question)
        result = await screener.result(question.counterparties[0])
        self._outside.count_outcome(result.outcome)
        answer = copy_as(SearchAnswer, result, coverage=screener.coverage, **screener.head)
        return await self._encoded(answer, shelf, view)

    async def _encoded(
        self, answer: SearchAnswer | TextAnswer, shelf: Shelf, view: View
    ) -> tuple[bytes, ...]:
        if view == "full":
            return (await Writer(shelf).search(answer)).pieces
        coverage = await self._memory.coverages.brief(answer.coverage)
        return (msgspec.json.encode(Brevity().search(answer, coverage)),)

    async def text(
        self, text: str, terms: QuestionTerms, view: View = "full"
    ) -> tuple[bytes, ...]:
        """Return the listed names in a text as JSON of a `TextAnswer`; nothing is kept.

        In brief it is a `BriefSearch` without a name.

        Raises:
            BadInputError: The text or the question cannot be answered as it is.
        """
        question = text_question_from(text, self.filled(terms), self.days_of(terms))
        await self.count(1)
        screener, shelf = await self._screener(question)
        finding = await find_in_text(screener, text)
        result = finding.result
        self._outside.count_outcome(result.outcome)
        answer = copy_as(
            TextAnswer,
            result,
            coverage=screener.coverage,
            hits=finding.hits,
            delisted=finding.delisted,
            left=(),
            **screener.head,
        )
        return await self._encoded(answer, shelf, view)

    async def look(
        self, asked: ScreeningQuestion, days: Days | None = None, *, again: bool = False
    ) -> DeskAnswer:
        """Return the answer about one counterparty, its owners and the measures without listings.

        `again` is part of a question that was asked already, and does not count a second time.

        Raises:
            BadInputError: The question cannot be answered as it is.
        """
        question = question_from(self.filled(asked), days or self.days_of(asked), at="")
        if not again:
            await self.count(1)
        screener, _ = await self._screener(question)
        return DeskAnswer(
            question=question,
            scorer=SCORER_VERSION,
            coverage=screener.coverage,
            result=await self._result(screener, question, 0),
            restrictions=restrictions_on(self.board, question.transaction, question.days, "all"),
        )

    async def _result(
        self, screener: Screener, question: Question, done: int
    ) -> CounterpartyResult:
        """Return the answer for the counterparty at a position, after that many others."""
        parties = question.counterparties
        try:
            result = await result_with_owners(screener, parties[done])
        except TooMuchWorkError as error:
            raise TooMuchWorkError(error.seconds, done, len(parties)) from error
        self._outside.count_outcome(result.outcome)
        return result

    async def count(self, counterparties: int) -> None:
        """Count what is asked against the caller's limits.

        Raises:
            QuotaExceededError: It is more than the caller may ask now.
        """
        if self._caller.charge is not None:
            await self._caller.charge(counterparties)

    def filled[T: QuestionTerms](self, asked: T) -> T:
        """Return a question with the lists, profile and threshold that it leaves to the desk.

        What the question names comes before the lists of the key, and these before the profile of
        the account.
        """
        defaults = self._caller.defaults
        lists, profile = asked.lists, asked.profile
        if lists is None and profile is None:
            lists = defaults.lists
        if lists is None and profile is None:
            chosen = self.current.get().lists.account_profiles
            profile = chosen.get(self._caller.account or "")
        return msgspec.structs.replace(
            asked,
            lists=lists,
            profile=profile,
            threshold=defaults.threshold if asked.threshold is None else asked.threshold,
        )

    async def coverage(self, terms: QuestionTerms) -> Coverage:
        """Return the state of the lists on which the answer to a question on these terms rests.

        Raises:
            BadInputError: The question names a list that does not exist.
        """
        asked, days = self.filled(terms), self.days_of(terms)
        return (await self._index(days)).coverage_for(asked.lists, asked.profile, days)

    async def _screener(self, question: Question) -> tuple[Screener, Shelf]:
        """Return a screener for the question, and the shelf with the pieces of its answer."""
        since = question.since
        index = await self._index(question.days)
        earlier = None if since is None else await self._index(since)
        board = self.board
        shelf = (
            self._memory.shelf if index is self.current.get() else self._memory.past_shelf
        ).of(index, board)
        return Screener(index, board, question, self.today(), shelf, earlier), shelf

    async def _index(self, days: Days) -> ListingIndex:
        return await self.current.on(days.edition_day)

    async def listing(self, listing_id: str, days: Days) -> ListingAnswer:
        """Return one listing with its measures and its list.

        Raises:
            NotFoundError: No listing had that id on the day, nor before it.
            StoreUnavailableError: The database does not answer, and the day needs it.
        """
        index = await self._index(days)
        entry, editions = index.by_id(listing_id), index.on_day(days.edition_day)
        versions = None if entry is None else speaking(entry, editions, days.as_of)
        if entry is None or versions is None:
            raise NotFoundError("listing", listing_id)
        shown = on_day(entry, editions, versions, days.as_of)
        licence = read_licence_terms(shown.listing)
        return ListingAnswer(
            as_of=days.as_of,
            known_at=days.known_at,
            listing=shown.listing,
            licence=licence,
            licence_policy=policy_of(licence),
            standing=shown.standing,
            copies=shown.copies,
            measures=measures_of(shown, self.board, days),
            unknown_programmes=unknown_programmes_of(shown, self.board),
            on_no_list=on_no_list(shown.listing),
            on_list=index.coverage((entry.list_code,), days, named=False).lists[0],
        )

    async def states(self, listing_id: str) -> tuple[ListingState, ...]:
        """Return every state that a listing was ever in, source by source, in order of time."""
        if self._outside.versions_of is None:
            raise StoreUnavailableError
        versions = await self._outside.versions_of(listing_id)
        return states_of(versions, self.current.get().lists)

    async def party(self, party_id: str, days: Days) -> PartyAnswer:
        """Return a party with its listings on the day, by its id or that of any listing of it.

        Raises:
            NotFoundError: No listing of such a party was there on the day, nor before it.
            StoreUnavailableError: The database does not answer, and the day needs it.
        """
        index = await self._index(days)
        table = index.parties
        party = table.of(party_id)

        def of_party(one: str) -> list[PartyHit]:
            return list(self._listings_of(index, table.members(one), days))

        listings = of_party(party)
        if not listings:
            raise NotFoundError("party", party_id)
        codes = tuple(dict.fromkeys(each.listing.list_code for each in listings))
        coverage = index.coverage(codes, days, named=False)
        stated = partial(self.board.owners_stated, days=days)
        owners = owners_of(table, party, listings, OwnerSource(of_party, stated))
        profile = profile_of(table, party, listings, (), owners)
        return party_answer(profile, listings, days, coverage)

    def _listings_of(
        self, index: ListingIndex, ids: Iterable[str], days: Days
    ) -> Iterator[PartyHit]:
        """Yield those of these listings that were there on the day, or before it."""
        editions = index.on_day(days.edition_day)
        for entry in map(index.by_id, ids):
            versions = None if entry is None else speaking(entry, editions, days.as_of)
            if entry is not None and versions is not None:
                yield show(entry, editions, versions, self.board, days).hit

    def lists(self) -> Iterator[ListAnswer]:
        """Yield every list as it is today, known ones first."""
        return lists_on(self.current.get().lists, self.today())

    def list_today(self, list_code: str) -> ListAnswer:
        """Return a list as it is today.

        Raises:
            NotFoundError: There is no such list.
        """
        found = next((each for each in self.lists() if each.coverage.code == list_code), None)
        if found is None:
            raise NotFoundError("list", list_code)
        return found

    def new_id(self) -> UUID:
        """Return an id that nothing else has."""
        return self._outside.new_id()


async def desk_of(basis: Basis, index: ListingIndex, now: Callable[[], datetime]) -> Desk:
    """Return a desk that answers from a basis and its index, see `held_of`; it keeps nothing."""
    current, boards = await held_of(basis, index)
    return Desk(current, boards, Dependencies(now=now, new_id=uuid4, version=basis.version))
