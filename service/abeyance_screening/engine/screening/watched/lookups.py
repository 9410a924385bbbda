"""What an answer looked up in the lists, and whether lists that changed would now say otherwise.

An answer depends on the lists by what was looked up in them alone: the forms of names that were
searched for, words that lists have or lack, keys and numbers. That is noted while a counterparty
is answered. When listings change, it is looked up again in those alone, in a hundredth of the
time, and only whoever may be told something else is answered again by the whole index.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast, override
from zlib import crc32

import msgspec
import numpy as np

from abeyance_screening.engine.lists.edition import ListingVersion, StoredLists
from abeyance_screening.engine.names.form.hearing import hear
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match.heard import HeardName, heard_keys
from abeyance_screening.engine.names.match.joined import JoinedNames
from abeyance_screening.engine.names.match.kernel import Ints, int_list
from abeyance_screening.engine.names.match.name_keys import key_of_letters
from abeyance_screening.engine.names.match.packed import (
    PackedQuestions,
    QuestionPacker,
    whole_name_keys,
)
from abeyance_screening.engine.names.match_types import Explanation, Match
from abeyance_screening.engine.screening.identifiers import Number
from abeyance_screening.engine.screening.index.files import answering_rules
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.table import PartyTable
from abeyance_screening.engine.screening.text.passage import Passage
from abeyance_screening.engine.screening.text.search import JoinedTexts, TextIndex

# A mark is a 32-bit digest: two that are the same by chance answer one counterparty for nothing.
_MARK_BITS = (1 << 32) - 1
_RULES_LENGTH = 8


class Lookups(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that one answer looked up.

    `rules` is the digest of the code that read the names. `marks` are 32-bit digests of the words
    with what was answered, of keys and of numbers; `runs` are sentences without blanks.
    """

    rules: bytes
    questions: PackedQuestions
    marks: bytes
    runs: tuple[str, ...] = ()


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Lookups).decode


class NotingIndex(ListingIndex):
    """An index that answers like another one and notes what it is asked, answer by answer."""

    # it shares everything with the other one, and builds nothing
    def __init__(self, whole: ListingIndex) -> None:  # pyright: ignore[reportMissingSuperCall]
        """Take the index that answers."""
        self.__dict__.update(whole.__dict__)
        self._whole, self._notes = whole, _Notes()
        # it is asked like the names of any index
        self.names = cast("NameIndex", cast("object", _NotingNames(whole.names, self._notes)))

    def turn_to(self, answer: object) -> None:
        """Note what is looked up from now on for an answer, beside what was noted for it."""
        self._notes.turn_to(answer)

    def taken(self, answer: object) -> bytes:
        """Return all that was looked up for an answer, in bytes, and forget it."""
        return self._notes.taken(answer)

    @property
    @override
    def parties(self) -> PartyTable:
        """Which listings are one party, which no standing answer depends on."""
        return self._whole.parties

    @property
    @override
    def texts(self) -> "TextIndex | JoinedTexts":
        """What finds the names in texts, whose questions are noted."""
        return cast("TextIndex", cast("object", _NotingTexts(self._whole.texts, self._notes)))

    @override
    def by_number(self, number: Number) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the entries that ever carried a number that matches this one."""
        self._notes.now.marks.add(_of_number(number))
        return self._whole.by_number(number)


class _AnswerNote:
    """What was looked up so far for one answer."""

    def __init__(self) -> None:
        self.packer, self.marks = QuestionPacker(), set[int]()
        self.runs = dict[str, None]()
        self._asked = set[tuple[int, float]]()
        self._forms = list[ComparisonForm]()

    def is_new(self, form: ComparisonForm, threshold: float) -> bool:
        asked = id(form), threshold
        if asked in self._asked:
            return False
        self._asked.add(asked)
        # so that no other form gets its id
        self._forms.append(form)
        return True

    def written(self) -> bytes:
        marks = np.fromiter(sorted(self.marks), np.uint32, len(self.marks)).tobytes()
        return _encode(Lookups(_rules(), self.packer.packed(), marks, tuple(self.runs)))


class _Notes:
    """What was looked up for each answer; `now` is that of the answer at hand."""

    def __init__(self) -> None:
        self.now = _AnswerNote()
        self._of = dict[object, _AnswerNote]()

    def turn_to(self, answer: object) -> None:
        note = self._of.get(answer)
        if note is None:
            note = self._of[answer] = _AnswerNote()
        self.now = note

    def taken(self, answer: object) -> bytes:
        return self._of.pop(answer).written()


class _NotingNames:
    """Names that answer like others, and note what they are asked."""

    def __init__(self, names: NameIndex | JoinedNames, notes: _Notes) -> None:
        self._names, self._notes = names, notes

    def has_word(self, text: str) -> bool:
        """Return whether any listed name has this word."""
        found = self._names.has_word(text)
        self._notes.now.marks.add(_of_word(text, found=found))
        return found

    def has_alone(self, text: str) -> bool:
        """Return whether any listed name has this word and no other."""
        found = self._names.has_alone(text)
        self._notes.now.marks.add(_of_name(text, found=found))
        return found

    def has_letters(self, printed: str) -> bool:
        """Return whether any listed name is printed with the same letters."""
        self._notes.now.marks.add(_of_key(key_of_letters(printed)))
        return self._names.has_letters(printed)

    def heard(self, written: str) -> list[HeardName]:
        """Return the names of firms that a name in another script sounds like, best first."""
        hearing = hear(written)
        if hearing is not None:
            self._notes.now.marks.update(map(_of_key, heard_keys(hearing)))
        return self._names.heard(written)

    def matches(
        self, form: ComparisonForm, *, lists: frozenset[int] | None, threshold: float
    ) -> list[Match]:
        """Return every name at or over the threshold, best first."""
        found, note = self._names.matches(form, lists=lists, threshold=threshold), self._notes.now
        # one without words finds nothing
        if form.words and note.is_new(form, threshold):
            note.packer.add(form, threshold, self._names.laid_out(form))
            note.marks.update(map(_of_key, whole_name_keys(form)))
        return found

    def begun(self, form: ComparisonForm) -> list[int]:
        """Return the names of which a question has the first letters."""
        self._notes.now.marks.update(map(_of_key, whole_name_keys(form)))
        return self._names.begun(form)

    def form(self, name: int) -> ComparisonForm:
        """Return the comparison form of the name at a position."""
        return self._names.form(name)

    def explain(self, form: ComparisonForm, name: int) -> Explanation:
        """Explain how the score of the name at a position comes about, part by part."""
        return self._names.explain(form, name)


class _NotingTexts:
    """What finds names in texts, and notes the texts."""

    def __init__(self, texts: TextIndex | JoinedTexts, notes: _Notes) -> None:
        self._texts, self._notes = texts, notes

    def passages(self, text: str) -> Iterator[Passage]:
        """Yield the passages of a text that name a listed party."""
        self._notes.now.runs[text] = None
        return self._texts.passages(text)


# --- Listings that changed.


class ChangedListings:
    """The listings that changed, as they were and as they are, to look things up in again."""

    def __init__(
        self, lists: StoredLists, versions: Iterable[ListingVersion], whole: ListingIndex
    ) -> None:
        """Take every version of the listings that began or ended, in order of their ids.

        `whole` is the index of all listings that answers now.
        """
        self._small = ListingIndex(lists, versions)
        names = cast("NameIndex", self._small.names)
        self._names = names
        marks = set[int]()
        for word in names.places:
            # whoever was told otherwise than is true now
            marks.add(_of_word(word, found=not whole.names.has_word(word)))
            marks.add(_of_name(word, found=not whole.names.has_alone(word)))
        for keys in (names.lookup.keys, names.lookup.beginnings):
            marks.update(map(_of_key, int_list(keys)))
        for code in self._small.columns.list_codes:
            numbers = self._small.columns.numbers_in(code)
            marks.update(_of_number(printed.number) for _, printed in numbers)
        self._marks = np.fromiter(sorted(marks), np.uint32, len(marks))

    def touch(self, written: Sequence[bytes | None]) -> list[bool]:
        """Return for each answer, by what it looked up, whether it may be another one now.

        True where that is not known: nothing was noted, or by another version of the program.
        """
        touched = [True] * len(written)
        read = list[tuple[int, Lookups]]()
        for place, each in enumerate(written):
            lookups = _decode(each) if each else None
            if lookups is not None and lookups.rules == _rules():
                read.append((place, lookups))
        met = self._names.met_by([lookups.questions for _, lookups in read])
        marked = self._marked([lookups.marks for _, lookups in read])
        for (place, lookups), is_met, is_marked in zip(read, met, marked, strict=True):
            touched[place] = is_met or is_marked or any(map(self._has_passage, lookups.runs))
        return touched

    def _marked(self, marks: Sequence[bytes]) -> list[bool]:
        counts = np.array([len(each) // 4 for each in marks], dtype=np.int64)
        every = np.frombuffer(b"".join(marks), dtype=np.uint32)
        place = np.minimum(np.searchsorted(self._marks, every), max(len(self._marks) - 1, 0))
        found = self._marks[place] == every if len(self._marks) else np.zeros(len(every), np.bool_)
        owners: Ints = np.repeat(np.arange(len(marks)), counts)
        marked = set(int_list(owners[found]))
        return [place in marked for place in range(len(marks))]

    def _has_passage(self, run: str) -> bool:
        return any(True for _ in self._small.texts.passages(run))


def _rules() -> bytes:
    return answering_rules()[:_RULES_LENGTH]


def _of_word(text: str, *, found: bool) -> int:
    return crc32(f"{'+' if found else '-'}{text}".encode("utf-8", "surrogatepass"))


def _of_name(text: str, *, found: bool) -> int:
    return crc32(f"{'=' if found else '~'}{text}".encode("utf-8", "surrogatepass"))


def _of_number(number: Number) -> int:
    return crc32(f"#{number.key}".encode("utf-8", "surrogatepass"))


def _of_key(key: int) -> int:
    return key & _MARK_BITS
