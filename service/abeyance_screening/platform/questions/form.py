"""The state of the search page, as in its form or an address, and the question made of it."""

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

import msgspec
from rapidfuzz.distance import OSA

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.measures.reach import EndUse
from abeyance_screening.engine.screening.question import Counterparty, Owner, ScreeningQuestion
from abeyance_screening.engine.screening.trade.transaction import Transaction
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.platform.pages.frame import FieldFault, Given, text_of, texts_of
from abeyance_screening.primitives.days import plural

# The rows for owners that the form offers at first, and the most that it reads.
OWNER_ROWS = 3
MOST_OWNERS = 50
# An unknown share of an owner, as written in an address.
NOT_STATED = "?"
ENTITY_TYPES: tuple[tuple[EntityType, str], ...] = (
    ("organisation", "Organisation"),
    ("person", "Person"),
    ("vessel", "Vessel"),
    ("aircraft", "Aircraft"),
)
END_USES: tuple[tuple[EndUse, str], ...] = (
    ("civil", "Civil"),
    ("military", "Military"),
    ("military_intelligence", "Military intelligence"),
    ("nuclear", "Nuclear"),
    ("missile", "Missiles"),
    ("chemical_biological", "Chemical or biological weapons"),
    ("semiconductor_manufacturing", "Making semiconductors"),
    ("advanced_computing", "Advanced computing"),
    ("internal_repression", "Internal repression"),
)


# How the parties of an answer can be sorted; the first is the order of the answer itself.
SORTS: tuple[tuple[str, str], ...] = (
    ("", "likely to be meant"),
    ("status", "status"),
    ("list", "list"),
    ("country", "country"),
    ("name", "name"),
)


class PartyFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which parties of an answer are shown, and how they are sorted; the answer stays the same.

    With `show_all` these are all that were found, not only the best. It is on wherever another
    field is set, so that a choice is made among all.
    """

    show_all: bool = False
    on_list: str = ""
    country: str = ""
    status: str = ""
    sort: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether some parties are left out by choice."""
        return any((self.on_list, self.country, self.status))

    @property
    def is_wide(self) -> bool:
        """Whether all listings found are needed."""
        return self.show_all or self.is_filtered or bool(self.sort)

    def query(self) -> tuple[tuple[str, str], ...]:
        """Return the fields that are set as pairs for a query, in a fixed order."""
        fields = (("show", "all" if self.is_wide else ""), *self._fields())
        return tuple((name, value) for name, value in fields if value)

    def _fields(self) -> tuple[tuple[str, str], ...]:
        return (
            ("on_list", self.on_list),
            ("country", self.country),
            ("status", self.status),
            ("sort", self.sort),
        )

    def value(self, field: str) -> str:
        """Return the value of a field by its name; empty where it is not set."""
        return dict(self.query()).get(field, "")

    def with_field(self, field: str, value: str) -> "PartyFilter":
        """Return a copy with another value of a field, by its name; an empty one removes it."""
        return msgspec.convert(
            {**dict(self._fields()), field: value, "show_all": True}, PartyFilter
        )


def read_pick(given: Given) -> tuple[PartyFilter, tuple[FieldFault, ...]]:
    """Read which parties are shown; an unknown order is a fault."""
    sort = text_of(given, "sort")
    if sort not in dict(SORTS):
        text = f"“{sort[:40]}” is not a way to sort: status, list, country or name."
        return PartyFilter(), (FieldFault(field="sort", text=text),)
    pick = PartyFilter(
        show_all=text_of(given, "show") == "all",
        on_list=text_of(given, "on_list"),
        country=text_of(given, "country"),
        status=text_of(given, "status"),
        sort=sort,
    )
    return pick, ()


class OwnerField(msgspec.Struct, frozen=True, kw_only=True):
    """One owner as typed into the form; `share` is a percentage, empty where unknown."""

    name: str
    share: str


class FormFields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of the search form as typed; the two days are in `AddressDays`.

    `yes`, `no` and `unsure` are the ids of the rules whose question has that answer.
    """

    name: str = ""
    lists: tuple[str, ...] = ()
    countries: str = ""
    entity_type: str = ""
    threshold: str = ""
    owners: tuple[OwnerField, ...] = ()
    items: str = ""
    origin: str = ""
    destination: str = ""
    end_use: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    def query(self) -> tuple[tuple[str, str], ...]:
        """Return the fields that are not empty as pairs for a query, in a fixed order."""
        return tuple((name, value) for name, value in self._pairs() if value)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield "name", self.name
        yield from (("lists", each) for each in self.lists)
        yield "countries", self.countries
        yield "entity_type", self.entity_type
        yield "threshold", self.threshold
        for owner in self.owners:
            yield "owner", owner.name
            yield "share", owner.share or NOT_STATED
        yield "items", self.items
        yield "origin", self.origin
        yield "destination", self.destination
        yield "end_use", self.end_use
        for field, rules in self._answers():
            yield from ((field, rule) for rule in rules)

    def _answers(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ("yes", self.yes), ("no", self.no), ("unsure", self.unsure)

    def answered(self, rule: str, answer: str) -> "FormFields":
        """Return a view with this answer to the question of a rule; an empty answer removes it."""
        fields = {
            field: (*(each for each in rules if each != rule), *((rule,) * (field == answer)))
            for field, rules in self._answers()
        }
        return msgspec.structs.replace(self, **fields)

    def answer_to(self, rule: str) -> str:
        """Return the answer to the question of a rule: `yes`, `no`, `unsure`, or empty."""
        return next((field for field, rules in self._answers() if rule in rules), "")

    @property
    def asked_with(self) -> tuple[str, ...]:
        """Return every field but the name and the answers in words, such as `countries CN`."""
        fields = (
            ("countries", self.countries),
            ("type", self.entity_type),
            ("only the lists", ", ".join(map(list_title, self.lists))),
            *self._said_of_it(),
        )
        return tuple(f"{name} {text}" for name, text in fields if text)

    @property
    def said_of_it(self) -> tuple[str, ...]:
        """Return in words what belongs to the name: owners, goods and answers to questions."""
        answers = sum(len(rules) for _, rules in self._answers())
        said = tuple(f"{name} {text}" for name, text in self._said_of_it() if text)
        return (*said, plural(answers, "answer")) if answers else said

    def _said_of_it(self) -> tuple[tuple[str, str], ...]:
        owners = ", ".join(
            f"{each.name} {each.share.rstrip(' %')} %" if each.share else each.name
            for each in self.owners
        )
        return (
            ("owners", owners),
            ("goods", ", ".join(filter(None, self.items.splitlines()))),
            ("from", self.origin),
            ("to", self.destination),
            ("for", self.end_use.replace("_", " ")),
        )

    @property
    def filters_on(self) -> int:
        """Return how many filters are set."""
        return sum(map(bool, (self.lists, self.countries, self.entity_type, self.threshold)))

    @property
    def has_goods(self) -> bool:
        """Whether goods, a place or an end use is given."""
        return any((self.items, self.origin, self.destination, self.end_use))


def read_view(given: Given) -> FormFields:
    """Read the fields of an address or a form as typed."""
    return FormFields(
        name=text_of(given, "name"),
        lists=texts_of(given, "lists"),
        countries=", ".join(texts_of(given, "countries")),
        entity_type=text_of(given, "entity_type"),
        threshold=text_of(given, "threshold"),
        owners=_owners(given),
        items="\n".join(texts_of(given, "items")),
        origin=text_of(given, "origin"),
        destination=text_of(given, "destination"),
        end_use=text_of(given, "end_use"),
        yes=texts_of(given, "yes"),
        no=texts_of(given, "no"),
        unsure=texts_of(given, "unsure"),
    )


# --- What was said of one name, and the next name.

# An edit of a name is at most two letters away from it, and at most a sixth of its letters. With
# more, the next company would inherit owners and answers; with fewer, a slip corrected loses them.
_MOST_SLIPS, _LETTERS_A_SLIP = 2, 6


def is_edit(before: str, name: str) -> bool:
    """Return whether a name is the one before, typed on, shortened or corrected.

    Case, spaces and marks do not count. Where one name begins with the other it was typed on or
    shortened; `Rosnfet` is corrected to `Rosneft`. An emptied box is the end of a name.
    """
    one, other = _letters(before), _letters(name)
    if not one or not other:
        return one == other
    if one.startswith(other) or other.startswith(one):
        return True
    slips = min(_MOST_SLIPS, max(len(one), len(other)) // _LETTERS_A_SLIP)
    return OSA.distance(one, other) <= slips


def _letters(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(filter(str.isalnum, folded))


def without_another_names(view: FormFields, before: FormFields) -> FormFields:
    """Return a view without the owners, goods and answers of another name.

    They belong to the name that they were typed with: what `before`, the question answered last,
    has of them counts only for its own name and for an edit of that. What was changed since then
    was typed for the name that it now stands with.
    """
    if not before.name or is_edit(before.name, view.name):
        return view
    return msgspec.structs.replace(
        view,
        owners=_new(view.owners, before.owners),
        items="" if view.items == before.items else view.items,
        origin="" if view.origin == before.origin else view.origin,
        destination="" if view.destination == before.destination else view.destination,
        end_use="" if view.end_use == before.end_use else view.end_use,
        yes=_new(view.yes, before.yes),
        no=_new(view.no, before.no),
        unsure=_new(view.unsure, before.unsure),
    )


def _new[T](now: tuple[T, ...], before: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(each for each in now if each not in before)


def with_another_names(view: FormFields, other: FormFields) -> FormFields:
    """Return a view with the owners, goods and answers of another name in place of its own."""
    return msgspec.structs.replace(
        view,
        owners=other.owners,
        items=other.items,
        origin=other.origin,
        destination=other.destination,
        end_use=other.end_use,
        yes=other.yes,
        no=other.no,
        unsure=other.unsure,
    )


def read_question(view: FormFields) -> tuple[ScreeningQuestion | None, tuple[FieldFault, ...]]:
    """Read the question of a view, or None and a fault for each field that cannot be read.

    Raises:
        BadInputError: The goods cannot be read.
    """
    faults: list[FieldFault] = []
    counterparty = Counterparty(
        name=view.name,
        countries=tuple(_countries(view.countries, "countries", faults)),
        entity_type=_one_of(
            view.entity_type,
            ENTITY_TYPES,
            FieldFault(
                field="entity_type", text=f"“{view.entity_type[:40]}” is not a type of party."
            ),
            faults,
        ),
        owners=tuple(_owner(each, faults) for each in view.owners),
    )
    threshold, transaction = _threshold(view, faults), _transaction(view, faults)
    if faults:
        return None, tuple(faults)
    question = ScreeningQuestion(
        counterparties=(counterparty,),
        lists=view.lists or None,
        threshold=threshold,
        transaction=transaction,
        # whatever rule is answered is shown with its answer
        questions="all" if view.yes or view.no or view.unsure else "first",
    )
    return question, ()


def _owners(given: Given) -> tuple[OwnerField, ...]:
    """Pair the names and shares of owners, which a form sends in the same order."""
    names, shares = given.getall("owner", []), given.getall("share", [])
    shares += [""] * max(0, len(names) - len(shares))
    return tuple(
        OwnerField(name=name.strip(), share=share.strip().removeprefix(NOT_STATED))
        for name, share in zip(names[:MOST_OWNERS], shares, strict=False)
        if name.strip()
    )


def _countries(typed: str, field: str, faults: list[FieldFault]) -> Iterator[str]:
    for each in filter(None, (word.strip() for word in typed.split(","))):
        code = country_code(each) or country_code(each.upper())
        if code is None:
            faults.append(FieldFault(field=field, text=f"“{each[:40]}” is not a known country."))
        else:
            yield code


def _one_of[T: str](
    typed: str, choices: Iterable[tuple[T, str]], fault: FieldFault, faults: list[FieldFault]
) -> T | None:
    """Return the chosen value; None where none is chosen, or with a fault where it is unknown."""
    chosen = next((value for value, _ in choices if value == typed), None)
    if typed and chosen is None:
        faults.append(fault)
    return chosen


def _owner(typed: OwnerField, faults: list[FieldFault]) -> Owner:
    share: Decimal | None = None
    if typed.share:
        try:
            share = Decimal(typed.share.rstrip(" %").replace(",", "."))
        except InvalidOperation:
            text = f"“{typed.share[:20]}” is not a percentage."
            faults.append(FieldFault(field="share", text=text))
    return Owner(name=typed.name, share=share)


def _threshold(view: FormFields, faults: list[FieldFault]) -> float | None:
    if not view.threshold:
        return None
    try:
        threshold = float(view.threshold.replace(",", "."))
    except ValueError:
        threshold = -1.0
    if 0 <= threshold <= 1:
        return threshold
    text = f"“{view.threshold[:20]}” is not a score from 0 to 1."
    faults.append(FieldFault(field="threshold", text=text))
    return None


def _transaction(view: FormFields, faults: list[FieldFault]) -> Transaction | None:
    if not view.has_goods:
        return None
    places = {
        field: next(_countries(typed, field, faults), None)
        for field, typed in (("origin", view.origin), ("destination", view.destination))
    }
    fault = FieldFault(field="end_use", text=f"“{view.end_use[:40]}” is not a known end use.")
    end_use = _one_of(view.end_use, END_USES, fault, faults)
    if faults:
        return None
    items = (each.strip() for each in view.items.splitlines())
    return plain_transaction(filter(None, items), places["origin"], places["destination"], end_use)
