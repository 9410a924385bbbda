"""Make an export in FollowTheMoney form as large as those that people have.

    python -m tools.make_export entities.ftm.json --delta entities.delta.json \
        --names-from gleif.csv

The names are recombined from the words of real ones: those of the lists that come with the
program, and those in the column `LegalName` or `name` of the CSV files given. Words are thus as
frequent as they are among real names, and no name occurs twice. Most in Cyrillic and Arabic
letters are spelled so from Latin ones, since the lists print few. The same arguments give the same
files.
"""

import csv
import hashlib
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import click
import msgspec

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import listings_in
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.platform.cli.options import gathered

Script = Literal["Latin", "Cyrillic", "Han", "Arabic"]
NameOf = Literal["person", "organisation", "vessel"]
type Pools = Mapping[tuple[NameOf, Script], Sequence[tuple[str, ...]]]

_SCRIPTS: Mapping[Script, re.Pattern[str]] = {
    "Latin": re.compile(r"[A-Za-z]"),
    "Cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "Han": re.compile(r"[\u4e00-\u9fff]"),
    "Arabic": re.compile(r"[\u0600-\u06ff]"),
}
"""The letters by which a name is of a script."""
_SHARES: Mapping[Script, int] = {"Latin": 64, "Cyrillic": 22, "Han": 7, "Arabic": 7}
_WORDS = range(2, 7)


def _letters(latin: str, other: str) -> Mapping[str, str]:
    return dict(zip(latin.split(), other.split(), strict=True))


_SPELLINGS: Mapping[Script, Mapping[str, str]] = {
    "Cyrillic": _letters(
        "shch sh ch zh kh ts yu ya a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "щ ш ч ж х ц ю я а б к д е ф г х и дж к л м н о п к р с т у в в кс ы з",  # noqa: RUF001
    ),
    "Arabic": _letters(
        "sh kh th gh a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "ش خ ث غ ا ب ك د ي ف ج ه ي ج ك ل م ن و ب ق ر س ت و ف و كس ي ز",  # noqa: RUF001
    ),
}
"""The letters in which Latin names are spelled, the longest first."""
# A pool of fewer names would repeat a few words a thousand times.
_LEAST_IN_POOL = 30
_TRIES_OF_TWO = 8

# How many lines of 1,000 are of each kind. What is listed are the parties of the first row.
_PARTIES, _UNLISTED = 620, 40
_LINKS: Mapping[str, int] = {
    "Sanction": 140,
    "Address": 100,
    "Passport": 20,
    "Identification": 20,
    "Ownership": 30,
    "Directorship": 15,
    "Family": 5,
    "UnknownLink": 10,
}
# The schemata of parties in turn, so that a party's schema is known from its number.
_TURN = (
    *("Person", "Company", "Person", "Organization", "Person", "Company", "Person", "Company"),
    *("LegalEntity", "Person", "Company", "Vessel", "Person", "Company", "Person", "Company"),
    *("Person", "Company", "Person", "Airplane"),
)
_NAMED_AS: Mapping[str, NameOf] = {
    **dict.fromkeys(("Company", "Organization", "LegalEntity"), "organisation"),
    **dict.fromkeys(("Vessel", "Airplane"), "vessel"),
    "Person": "person",
}
_ENDS: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "Sanction": (("entity", None),),
    "Passport": (("holder", "Person"),),
    "Identification": (("holder", None),),
    "Ownership": (("owner", None), ("asset", "Company")),
    "Directorship": (("director", "Person"), ("organization", "Company")),
    "Family": (("person", "Person"), ("relative", "Person")),
    "UnknownLink": (("subject", None), ("object", None)),
}
_TOPICS = ("sanction", "sanction", "sanction.linked", "role.pep", "debarment", "export.control")
_COUNTRIES = ("ru", "ru", "cn", "ir", "by", "ae", "tr", "ua", "sy", "kp", "us", "de", "cy", "hk")
_DATASETS = (
    *("us_ofac_sdn", "eu_fsf", "gb_fcdo_sanctions", "ua_nsdc_sanctions", "ch_seco_sanctions"),
)
_PROGRAMMES = ("US-RUSHAR", "EU-UKR", "GB-RUS", "UA-SA1644", "CH-UKR", "UN-SCDPRK")
_STREETS = ("Lenina Street", "Chaoyang Road", "Valiasr Avenue", "Main Street", "Sheikh Zayed Road")
_CITIES = ("Moscow", "Beijing", "Tehran", "Minsk", "Dubai", "Nicosia", "Damascus", "Hong Kong")
_NOTE = (
    "Provides material support to the government, and operates in a sector of the economy that is "
    "a substantial source of revenue; owned or controlled by"
)
_SHARE_NOTED, _SHARE_ADDRESSED = 0.6, 0.4
_SEEN = ("2023-04-20T18:00:25", "2026-04-29T12:53:04", "2026-02-16T05:42:29")

type Entity = dict[str, object]
type Properties = dict[str, list[str]]


class ExportOptions(msgspec.Struct, frozen=True):
    """The arguments and options of the command."""

    out: Path
    entities: int
    names: int
    seed: int
    names_from: tuple[Path, ...]
    delta: Path | None
    changes: int


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--entities", type=click.IntRange(min=100), default=1_300_000, show_default=True)
@click.option("--names", type=click.IntRange(min=100), default=4_000_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--names-from", type=click.Path(exists=True, path_type=Path), multiple=True)
@click.option("--delta", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--changes", type=click.IntRange(min=10), default=5_000, show_default=True)
@gathered(ExportOptions)
def main(options: ExportOptions) -> None:
    """Write an export to OUT, and a delta that follows on it.

    Of its entities, a line each, some three fifths are listed parties, which have all the names.
    """
    export = Export(pools_of(real_names(options.names_from)), options)
    if options.names < export.party_count:
        reason = f"is less than one for each of the {export.party_count:,} listed parties"
        raise click.BadParameter(reason, param_hint="--names")
    with options.out.open("wb") as file:
        file.writelines(map(_line, export.lines()))
    if options.delta is not None:
        with options.delta.open("wb") as file:
            file.writelines(map(_line, export.delta()))
    counts = f"{options.entities:,} entities, {export.party_count:,} of them listed"
    click.echo(f"{counts}, {options.names:,} names")


# --- Real names.


def real_names(paths: Iterable[Path]) -> Iterator[tuple[NameOf, str]]:
    """Yield the names of the bundled lists, then those in CSV files, which are of companies."""
    for bundled in bundled_editions():
        files = read_bundled(bundled)
        for parsed in read_files(bundled.source, files, sources=(bundled.source,)).parsed:
            for listing in listings_in(parsed):
                kind = listing.entity_type or "organisation"
                for name in listing.names:
                    yield "vessel" if kind == "aircraft" else kind, name.text
    for path in paths:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield "organisation", row.get("LegalName") or row["name"]


def pools_of(named: Iterable[tuple[NameOf, str]]) -> Pools:
    """Return real names as words, by what they name and their script, each name once.

    The words of a Han name are its characters.
    """
    pools = defaultdict[tuple[NameOf, Script], dict[tuple[str, ...], None]](dict)
    for kind, text in named:
        script = _script(text)
        if script is None:
            continue
        spellings: dict[Script, tuple[str, ...]] = {}
        spellings[script] = tuple(text if script == "Han" else text.split())
        if script == "Latin" and kind != "vessel":
            spellings |= {other: _spelled(text, each) for other, each in _SPELLINGS.items()}
        for each, words in spellings.items():
            if len(words) in _WORDS:
                pools[kind, each][words] = None
    return {key: tuple(pool) for key, pool in pools.items() if len(pool) >= _LEAST_IN_POOL}


def _spelled(text: str, letters: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of a Latin name in other letters; what has no such letter stays."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.lower()) if each.isascii())
    found = re.sub("|".join(letters), lambda match: letters[match[0]], plain)
    return tuple(found.title().split())


def _script(text: str) -> Script | None:
    """Return the script of a name; None for one without letters of it, or of several."""
    found: list[Script] = [script for script, letters in _SCRIPTS.items() if letters.search(text)]
    return found[0] if len(found) == 1 else None


class Names:
    """New names made of the words of real ones, each of them once."""

    def __init__(self, pools: Pools, draw: random.Random) -> None:
        self._pools = pools
        self._draw = draw
        self._given = set[int]()

    def new(self, kind: NameOf) -> str:
        """Return a name that was not given before."""
        scripts: list[Script] = [each for each in _SHARES if (kind, each) in self._pools]
        (script,) = self._draw.choices(scripts, [_SHARES[each] for each in scripts])
        tries = 0
        while True:
            text = self._joined(kind, script, 2 + tries // _TRIES_OF_TWO)
            mark = hash_of(text)
            if mark not in self._given:
                self._given.add(mark)
                return text
            tries += 1

    def _joined(self, kind: NameOf, script: Script, count: int) -> str:
        """Return the beginning of a real name, the end of another, and words of others between."""
        first, *between, last = self._draw.choices(self._pools[kind, script], k=count)
        words = [
            *first[: self._draw.randint(1, len(first) - 1)],
            *(self._draw.choice(each) for each in between),
            *last[self._draw.randint(1, len(last) - 1) :],
        ]
        return ("" if script == "Han" else " ").join(words[-_WORDS[-1] :])


def hash_of(text: str) -> int:
    """Return 64 bits of a text's digest, the same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


# --- The export.


class Export:
    """The lines of an export and of the delta that follows on it."""

    def __init__(self, pools: Pools, options: ExportOptions) -> None:
        self._draw = random.Random(options.seed)  # noqa: S311 - a made-up export holds no secret
        self._seed, self._changes = options.seed, options.changes
        self._names = Names(pools, self._draw)
        of_kind = {kind: options.entities * share // 1_000 for kind, share in _LINKS.items()}
        self._unlisted = options.entities * _UNLISTED // 1_000
        self.party_count = options.entities - sum(of_kind.values()) - self._unlisted
        self._counts = {"party": self.party_count, "unlisted": self._unlisted, **of_kind}
        self._name_count = options.names
        self._changing = list[tuple[str, int, Entity]]()

    def lines(self) -> Iterator[Entity]:
        """Yield all entities in no order; some are kept, for the delta to change."""
        kinds = [kind for kind, count in self._counts.items() for _ in range(count)]
        self._draw.shuffle(kinds)
        changed_every = max(1, len(kinds) // self._changes)
        numbers = dict.fromkeys(self._counts, 0)
        for place, kind in enumerate(kinds, start=1):
            number = numbers[kind]
            numbers[kind] += 1
            entity = self._entity(kind, number)
            if place % changed_every == 0:
                self._changing.append((kind, number, entity))
            yield entity

    def delta(self) -> Iterator[Entity]:
        """Yield the changes: of those kept, each is changed or deleted, or another is added."""
        added = self.party_count + self._unlisted
        for place, (kind, number, entity) in enumerate(self._changing):
            match place % 5:
                case 0:
                    yield {"op": "DEL", "entity": {"id": entity["id"]}}
                case 1:
                    yield {"op": "ADD", "entity": self._party(added, 3, listed=True)}
                    sanction = self._link("Sanction", self._counts["Sanction"] + place, (added,))
                    yield {"op": "ADD", "entity": sanction}
                    added += 1
                case _:
                    yield {"op": "MOD", "entity": self._changed(kind, number, entity)}

    def _entity(self, kind: str, number: int) -> Entity:
        match kind:
            case "party":
                # the names are spread so that all parties together have exactly as many
                before = self._name_count * number // self.party_count
                count = self._name_count * (number + 1) // self.party_count - before
                return self._party(number, self._uneven(number, count), listed=True)
            case "unlisted":
                return self._party(self.party_count + number, 1, listed=False)
            case "Address":
                return self._address(number)
            case _:
                return self._link(kind, number, ())

    def _uneven(self, number: int, count: int) -> int:
        """Return a number of names: of two neighbours one has more and the other as many fewer."""
        has_pair = number ^ 1 < self.party_count
        moved = max(0, self._name_count // self.party_count - 1) * (number // 2 % 3) // 2
        if not has_pair:
            return count
        return count + moved if number % 2 else count - moved

    def _changed(self, kind: str, number: int, entity: Entity) -> Entity:
        """Return an entity with one more name, or another text."""
        properties = dict(_properties(entity))
        if kind in {"party", "unlisted"}:
            name = self._names.new(_NAMED_AS[_schema_of(number)])
            properties["alias"] = [*properties.get("alias", ()), name]
        else:
            properties["summary"] = [f"As amended, {self._draw.randrange(1_000)}"]
        return {**entity, "properties": properties, "last_change": "2026-05-02T08:10:44"}

    def _party(self, number: int, name_count: int, *, listed: bool) -> Entity:
        schema, draw = _schema_of(number), self._draw
        names = [self._names.new(_NAMED_AS[schema]) for _ in range(max(1, name_count))]
        named, weak = max(1, len(names) * 3 // 5), max(0, len(names) - 5)
        properties: Properties = {
            "name": names[:named],
            "alias": names[named : len(names) - weak],
            "weakAlias": names[len(names) - weak :],
            "country": [draw.choice(_COUNTRIES)],
            "topics": [draw.choice(_TOPICS)] if listed else [],
            "notes": [f"{_NOTE} {names[0]}"] if draw.random() < _SHARE_NOTED else [],
            "programId": [draw.choice(_PROGRAMMES)] if listed else [],
            "addressEntity": self._addresses(),
            "sourceUrl": [f"https://sanctionssearch.example/Details.aspx?id={number}"],
            **self._of_schema(schema),
        }
        return self._printed(self._party_id(number), schema, properties, names[0], listed=listed)

    def _of_schema(self, schema: str) -> Properties:
        draw = self._draw
        number = f"{draw.randrange(10**10):010}"
        match schema:
            case "Person":
                return {
                    "birthDate": [self._day(range(1930, 2005))],
                    "nationality": [draw.choice(_COUNTRIES)],
                    "gender": [draw.choice(("male", "female"))],
                    "position": ["Member of the board of directors"],
                    "innCode": [number],
                }
            case "Vessel":
                return {"imoNumber": [f"IMO{number[:7]}"], "flag": [draw.choice(_COUNTRIES)]}
            case "Airplane":
                return {"serialNumber": [number[:5]]}
            case _:
                return {
                    "registrationNumber": [number],
                    "jurisdiction": [draw.choice(_COUNTRIES)],
                    "incorporationDate": [f"{draw.randint(1950, 2024)}-03-14"],
                }

    def _day(self, years: range) -> str:
        draw = self._draw
        return f"{draw.choice(years)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"

    def _addresses(self) -> list[str]:
        count = self._counts["Address"]
        if not count or self._draw.random() > _SHARE_ADDRESSED:
            return []
        return [self._id("addr-", self._draw.randrange(count))]

    def _address(self, number: int) -> Entity:
        draw = self._draw
        street, city = f"{draw.choice(_STREETS)} {draw.randrange(400)}", draw.choice(_CITIES)
        full = f"{street}, {city}, {draw.randrange(10**6):06}"
        properties: Properties = {
            "full": [full],
            "street": [street],
            "city": [city],
            "country": [draw.choice(_COUNTRIES)],
        }
        return self._printed(self._id("addr-", number), "Address", properties, full, listed=False)

    def _link(self, schema: str, number: int, parties: Sequence[int]) -> Entity:
        """Return a link or document of parties given by number, or drawn where none are."""
        draw = self._draw
        properties: Properties = {}
        for place, (end, of_schema) in enumerate(_ENDS[schema]):
            party = parties[place] if parties else self._drawn(of_schema)
            properties[end] = [self._party_id(party)]
        match schema:
            case "Sanction":
                properties["program"] = [draw.choice(_PROGRAMMES)]
                properties["authority"] = ["Office of Foreign Assets Control"]
                properties["startDate"] = [self._day(range(2005, 2027))]
                properties["reason"] = [_NOTE]
            case "Passport" | "Identification":
                properties["number"] = [f"{draw.randrange(10**9):09}"]
                properties["country"] = [draw.choice(_COUNTRIES)]
                properties["type"] = ["Passport" if schema == "Passport" else "Tax ID"]
            case _:
                name = "relationship" if schema == "Family" else "role"
                properties[name] = [draw.choice(("director", "owner", "associate", "brother"))]
        link_id = self._id(f"{schema.lower()}-", number)
        return self._printed(link_id, schema, properties, schema, listed=False)

    def _drawn(self, schema: str | None) -> int:
        """Return the number of a party, of one schema where it is given."""
        number = self._draw.randrange(self.party_count + self._unlisted)
        while schema is not None and _schema_of(number) != schema:
            number = self._draw.randrange(self.party_count + self._unlisted)
        return number

    def _party_id(self, number: int) -> str:
        return self._id("NK-", number)[:25]

    def _id(self, prefix: str, number: int) -> str:
        digest = hashlib.blake2b(f"{self._seed} {prefix} {number}".encode(), digest_size=20)
        return prefix + digest.hexdigest()

    def _printed(
        self, entity_id: str, schema: str, properties: Properties, caption: str, *, listed: bool
    ) -> Entity:
        draw = self._draw
        return {
            "id": entity_id,
            "caption": caption,
            "schema": schema,
            "properties": {name: values for name, values in properties.items() if values},
            "referents": [self._id(f"{draw.choice(_DATASETS)}-", draw.randrange(10**9))],
            "datasets": draw.sample(_DATASETS, draw.randint(1, 2)),
            **dict(zip(("first_seen", "last_seen", "last_change"), _SEEN, strict=True)),
            "target": listed,
        }


def _schema_of(number: int) -> str:
    return _TURN[number % len(_TURN)]


def _properties(entity: Entity) -> Properties:
    return msgspec.convert(entity["properties"], dict[str, list[str]])


def _line(entity: Entity) -> bytes:
    return msgspec.json.encode(entity) + b"\n"


if __name__ == "__main__":
    main()
