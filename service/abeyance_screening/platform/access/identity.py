"""Who is who: when two names are one person, and whose eyes stand behind what was asked.

Where four eyes are asked for, a second person is somebody whose name cannot be taken for that of
the first, and through whose hands no key of the other has gone. Names are compared as they look,
whatever their script, case, width or invisible characters.
"""

import re
import unicodedata
from functools import cache

import msgspec

from abeyance_screening.engine.names.form.token import read_table

# Source: DerivedCoreProperties.txt, Default_Ignorable_Code_Point, beside the categories Cf and Cc.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)


class Eyes(msgspec.Struct, frozen=True, kw_only=True):
    """One pair of eyes: the `people` who may have acted when one of them did.

    They are whoever acts, by each name that is known of them; of somebody who showed a key also
    those who made or replaced it over the service, who saw its secret, and in turn those who had
    made theirs. `machine` are the users of the machine who made or replaced it at the command
    line: none of them is a second person for its owner, but two owners whose keys the same user
    handed out are two people.
    """

    people: tuple[str, ...]
    machine: tuple[str, ...] = ()

    def and_of(self, *others: "Eyes") -> "Eyes":
        """Return these eyes and those of others as one pair."""
        every = (self, *others)
        return Eyes(
            people=tuple(dict.fromkeys(name for each in every for name in each.people)),
            machine=tuple(dict.fromkeys(name for each in every for name in each.machine)),
        )


def encode_eyes(eyes: Eyes) -> str:
    """Return eyes as they are stored."""
    return msgspec.json.encode(eyes).decode()


def decode_eyes(stored: object) -> Eyes:
    """Return eyes from how they are stored."""
    return msgspec.json.decode(str(stored), type=Eyes)


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for a change: the `name` that is recorded, and whose eyes these are."""

    name: str
    eyes: Eyes

    @property
    def is_at_machine(self) -> bool:
        """Whether it is somebody at the command line, who has the database and needs no key."""
        return not self.eyes.people


def at_machine(name: str) -> Asker:
    """Return the user of the machine with this name, as who asks for a change."""
    return Asker(name=name, eyes=Eyes(people=(), machine=(name,)))


def are_same_eyes(one: Eyes, other: Eyes) -> bool:
    """Return whether what two did may have been done by one person alone."""
    return (
        _is_any_same(one.people, other.people)
        or _is_any_same(one.people, other.machine)
        or _is_any_same(one.machine, other.people)
    )


def _is_any_same(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(is_same_person(one, other) for one in some for other in others)


def is_same_person(one: str, other: str) -> bool:
    """Return whether two names can be taken for each other, and so count as one person.

    Each character is read as itself and as what it looks like, in either case, so that `I` is `i`
    and looks like `l`. Spaces count once, invisible characters not at all.

    Source: UTS #39, section 4. Its skeleton is taken here of each character in each case: one of
    the whole name misses what a capital in it looks like in small letters, and one that treats
    all that look alike in either case as one letter takes `tina` for `rina`.
    """
    read = _readings_of(one), _readings_of(other)
    ends = len(read[0]), len(read[1])
    # how far each is read, and what the one that is `ahead` has read beyond the other
    waiting, seen = [((0, 0), "", 0)], set[tuple[tuple[int, int], str, int]]()
    while waiting:
        state = waiting.pop()
        places, rest, ahead = state
        if places == ends and not rest:
            return True
        who = 1 - ahead if rest else 0
        if state in seen or places[who] == ends[who]:
            continue
        seen.add(state)
        after = (places[0] + 1 - who, places[1] + who)
        for reading in read[who][places[who]]:
            if rest.startswith(reading):
                waiting.append((after, rest[len(reading) :], ahead))
            elif reading.startswith(rest):
                waiting.append((after, reading[len(rest) :], who))
    return False


def _readings_of(name: str) -> list[frozenset[str]]:
    """Return how each character of a name that is seen, with its marks, may be read."""
    parts = list[str]()
    for each in unicodedata.normalize("NFD", " ".join(_UNSEEN.sub("", name).split())):
        if parts and unicodedata.combining(each):
            parts[-1] += each
        elif unicodedata.category(each) not in {"Cf", "Cc"}:
            parts.append(each)
    return [_readings(each) for each in parts]


@cache
def _readings(part: str) -> frozenset[str]:
    forms = {unicodedata.normalize(form, part) for form in ("NFC", "NFD", "NFKC")}
    forms |= {case(each) for each in forms for case in (str.lower, str.upper, str.casefold)}
    forms |= {each.lower() for each in forms}
    alike = {"".join(_alike().get(each, each) for each in form) for form in forms}
    return frozenset(map(_folded, forms | alike | {_alike().get(each, each) for each in forms}))


def _folded(text: str) -> str:
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKD", text).replace("\t", " ")


@cache
def _alike() -> dict[str, str]:
    """Return what stands for each character that looks like another, by Unicode's own table.

    A character that Unicode writes in parts is there as its parts too.
    """
    rows = read_table("confusables.txt", __package__ or "")
    alike = {_text(one): _text(other) for one, (other,) in rows}
    return {unicodedata.normalize("NFD", one): other for one, other in alike.items()} | alike


def _text(points: str) -> str:
    return "".join(chr(int(each, 16)) for each in points.split(" "))
