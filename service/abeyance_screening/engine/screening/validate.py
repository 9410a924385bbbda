"""From what a caller sent to a question that can be answered."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice

import msgspec

from abeyance_screening.engine.lists.profile import check_profile_names
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.measures.reach import EndUse
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD
from abeyance_screening.engine.screening.question import (
    DEFAULT_LIMIT,
    DEFAULT_TEXT_LIMIT,
    MAX_COUNTERPARTIES,
    MAX_NAME_LENGTH,
    MAX_NAMES_IN_ALL,
    MAX_OWNER_DEPTH,
    MAX_OWNERS,
    MAX_SHARE_DECIMALS,
    MAX_SHARES_IN_ALL,
    MAX_TEXT_LENGTH,
    WHOLE_SHARE,
    Counterparty,
    Owner,
    Question,
    QuestionTerms,
    ScreeningQuestion,
    places,
)
from abeyance_screening.engine.screening.trade.items import (
    HS_LENGTHS,
    as_shown,
    item_from,
    read_control_code,
    read_hs,
)
from abeyance_screening.engine.screening.trade.transaction import (
    MAX_DESCRIPTION_LENGTH,
    MAX_ITEMS,
    Item,
    Transaction,
)
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import give_turns


def question_from(
    question: ScreeningQuestion, days: Days, at: str = "counterparties[{}]."
) -> Question:
    """Return the question on these days with its defaults, after checks that no type can make.

    `at` is the caller's name for the counterparty at a position, placed before each field.

    Raises:
        BadInputError: A name is blank, a country or a share is invalid, there are too many names
            or owners in all, or the transaction cannot be read.
    """
    for _ in checks(question.counterparties, at):
        pass
    return _complete(question, days)


def text_question_from(text: str, terms: QuestionTerms, days: Days) -> Question:
    """Return the question about a text, with its defaults filled in.

    Raises:
        BadInputError: The text is blank or too long, or the question cannot be answered as it is.
    """
    if len(text) > MAX_TEXT_LENGTH:
        reason = f"is {len(text):,} characters long, the most is {MAX_TEXT_LENGTH:,}"
        raise BadInputError("text", reason)
    if not text.strip():
        raise BadInputError("text", "is blank")
    limit = DEFAULT_TEXT_LIMIT if terms.limit is None else terms.limit
    return _complete(ScreeningQuestion.of(msgspec.structs.replace(terms, limit=limit)), days)


async def question_in_turns(question: ScreeningQuestion, days: Days) -> Question:
    """Return the question with its defaults filled in, giving other work its turn in between."""
    for _ in checks(question.counterparties, "counterparties[{}]."):
        await give_turns()
    return _complete(question, days)


def checks(counterparties: Sequence[Counterparty], at: str) -> Iterator[None]:
    """Check counterparties, one a step; `at` as in `question_from`."""
    if len(counterparties) > MAX_COUNTERPARTIES:
        raise BadInputError("counterparties", f"the most is {MAX_COUNTERPARTIES}")
    # Counting stops as soon as there are too many.
    parties = islice(_parties(counterparties), MAX_NAMES_IN_ALL + 1)
    if sum(1 + len(party.aliases) for party in parties) > MAX_NAMES_IN_ALL:
        raise BadInputError(
            "counterparties", f"the most is {MAX_NAMES_IN_ALL:,} names and aliases in all"
        )
    for position, counterparty in enumerate(counterparties):
        yield
        _check(counterparty, at.format(position))
        if counterparty.owners:
            _check_owners(counterparty, at.format(position))


def _parties(counterparties: Iterable[Counterparty]) -> Iterator[Counterparty]:
    for counterparty in counterparties:
        yield counterparty
        for place in places(counterparty):
            yield place.owner


def _complete(question: ScreeningQuestion, days: Days) -> Question:
    if question.profile is not None:
        if question.lists is not None:
            reason = "cannot be given with `lists`, which are then all required and alone searched"
            raise BadInputError("profile", reason)
        check_profile_names("profile", question.profile)
    return Question(
        counterparties=question.counterparties,
        lists=question.lists,
        profile=question.profile,
        days=days,
        since=_since(question.since, days),
        threshold=DEFAULT_THRESHOLD if question.threshold is None else question.threshold,
        limit=DEFAULT_LIMIT if question.limit is None else question.limit,
        transaction=None
        if question.transaction is None
        else read_transaction(question.transaction),
        questions=question.questions,
    )


def _since(since: date | None, days: Days) -> Days | None:
    """Return the earlier day as it was known then, with no more knowledge than the question."""
    if since is None:
        return None
    if since > days.as_of:
        raise BadInputError("since", "lies after `as_of`")
    return Days(as_of=since, known_at=min(since, days.known_at))


def _check(counterparty: Counterparty, at: str) -> None:
    _check_name(counterparty.name, f"{at}name")
    for position, alias in enumerate(counterparty.aliases):
        _check_name(alias, f"{at}aliases[{position}]")
    for position, country in enumerate(counterparty.countries):
        _check_country(country, f"{at}countries[{position}]")
    for position, identifier in enumerate(counterparty.identifiers):
        if identifier.country is not None:
            _check_country(identifier.country, f"{at}identifiers[{position}].country")


def _check_owners(counterparty: Counterparty, at: str) -> None:
    for count, place in enumerate(places(counterparty), start=1):
        if place.depth > MAX_OWNER_DEPTH:
            raise BadInputError(f"{at}{place.path}", f"the most is {MAX_OWNER_DEPTH} levels")
        if count > MAX_OWNERS:
            raise BadInputError(
                f"{at}owners", f"the most is {MAX_OWNERS}, owners of owners included"
            )
        _check(place.owner, f"{at}{place.path}.")
        if place.owner.share is not None:
            _check_share(place.owner.share, f"{at}{place.path}.share")
    _check_sum(counterparty.owners, f"{at}owners")
    for place in places(counterparty):
        _check_sum(place.owner.owners, f"{at}{place.path}.owners")


def _check_share(share: Decimal, field: str) -> None:
    if not (share.is_finite() and 0 <= share <= WHOLE_SHARE):
        raise BadInputError(field, f"{share} is not a percentage from 0 to {WHOLE_SHARE}")
    if share != round(share, MAX_SHARE_DECIMALS):
        raise BadInputError(field, f"has more than {MAX_SHARE_DECIMALS} decimals")


def _check_sum(owners: tuple[Owner, ...], field: str) -> None:
    stated = sum((owner.share for owner in owners if owner.share is not None), Decimal(0))
    if stated > MAX_SHARES_IN_ALL:
        raise BadInputError(
            field, f"the shares add up to {stated} percent; the most is {MAX_SHARES_IN_ALL}"
        )


def _check_name(name: str, field: str) -> None:
    if len(name) > MAX_NAME_LENGTH:
        raise BadInputError(
            field, f"is {len(name)} characters long, the most is {MAX_NAME_LENGTH}"
        )
    if not name.strip():
        raise BadInputError(field, "is blank")


def _check_country(country: str, field: str) -> None:
    if country_code(country) != country:
        raise BadInputError(field, f"{country!r} is not an ISO 3166-1 alpha-2 code")


# --- The transaction: its codes in one spelling, so that they can be compared.

_ALONE = "Give a code alone, and words as a separate item or as the description"
_LENGTHS = ", ".join(map(str, HS_LENGTHS[:-1]))


def plain_transaction(
    items: Iterable[str],
    origin: str | None,
    destination: str | None,
    end_use: EndUse | None,
    exporter: str | None = None,
    us_rules: bool | None = None,  # noqa: FBT001
) -> Transaction:
    """Return the transaction with each item typed freely: an HS code, a control code or words."""
    asked = Transaction(
        items=tuple(map(item_from, items)),
        origin=origin,
        destination=destination,
        end_use=end_use,
        exporter=exporter,
        us_rules=us_rules,
    )
    return read_transaction(asked, at="", items="item")


def read_transaction(
    transaction: Transaction, at: str = "transaction.", items: str = "items"
) -> Transaction:
    """Return the transaction with its codes in one spelling, after checks that no type can make.

    `at` is placed before the name of a field, and `items` is the caller's name for the items.

    Raises:
        BadInputError: Nothing is given at all, a code or a country is invalid, an item is empty,
            or there are too many items.
    """
    if transaction == Transaction():
        raise BadInputError(
            f"{at}{items}", "none of items, origin, destination and end use is given"
        )
    if len(transaction.items) > MAX_ITEMS:
        raise BadInputError(f"{at}{items}", f"the most is {MAX_ITEMS}")
    for name, country in (
        ("origin", transaction.origin),
        ("destination", transaction.destination),
        ("exporter", transaction.exporter),
    ):
        if country is not None and country_code(country) != country:
            raise BadInputError(f"{at}{name}", f"{country!r} is not an ISO 3166-1 alpha-2 code")
    read = (
        _read_item(item, f"{at}{items}[{position}]")
        for position, item in enumerate(transaction.items)
    )
    return msgspec.structs.replace(transaction, items=tuple(read))


def _read_item(item: Item, field: str) -> Item:
    if item == Item():
        raise BadInputError(field, "none of description, hs and control_code is given")
    if item.description is not None:
        _check_description(item.description, f"{field}.description")
    return Item(
        description=item.description,
        hs=None if item.hs is None else _hs(item.hs, f"{field}.hs"),
        control_code=(
            None
            if item.control_code is None
            else _control_code(item.control_code, f"{field}.control_code")
        ),
    )


def _check_description(description: str, field: str) -> None:
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise BadInputError(
            field,
            f"is {len(description)} characters long, the most is {MAX_DESCRIPTION_LENGTH}",
        )
    if not any(map(str.isalnum, as_shown(description))):
        raise BadInputError(field, "has no letter or digit to compare")


def _hs(printed: str, field: str) -> str:
    code = read_hs(printed)
    if code is None:
        raise BadInputError(
            field,
            f"{printed!r} is not an HS code, which has {_LENGTHS} or {HS_LENGTHS[-1]} digits; "
            f"full stops, spaces, commas or dashes may separate pairs of digits. {_ALONE}",
        )
    return code


def _control_code(printed: str, field: str) -> str:
    code = read_control_code(printed)
    if code is None:
        raise BadInputError(
            field,
            f"{printed!r} is not EAR99 or an entry of a control list, such as 3A090 or 3A090.a.1. "
            f"{_ALONE}",
        )
    return code
