"""Find the listed names that a name in another script sounds like, see `form/hearing.py`."""

from collections.abc import Iterable
from typing import NamedTuple

from abeyance_screening.engine.names.form.hearing import (
    Hearing,
    heard_name,
    misheard,
    skeleton,
    skeletons,
)
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match.name_keys import NO_KEY, key

# Names that are heard as well as the best one, and how much worse the last of them may be.
_MOST_NAMES, _AS_WELL = 3, 0.2


class HeardName(NamedTuple):
    """A listed name as printed, without legal forms, and how far it is from what is heard."""

    printed: str
    misheard: float


def heard_key(form: ComparisonForm) -> int:
    """Return the key by which a listed name is found by its sound, `NO_KEY` for most names."""
    name = heard_name(form)
    return NO_KEY if name is None else _key(skeleton(name))


def heard_keys(hearing: Hearing) -> list[int]:
    """Return the keys of the names that may be heard."""
    return list(map(_key, sorted(skeletons(hearing))))


def likeliest(hearing: Hearing, listed: Iterable[ComparisonForm]) -> list[HeardName]:
    """Return the listed names that are heard, best first, each once and hardly any beside it."""
    found = dict[str, HeardName]()
    for form in listed:
        name = heard_name(form)
        if name is None or name.letters in found:
            continue
        far = misheard(hearing, name)
        if far is not None:
            found[name.letters] = HeardName(" ".join([word.printed for word in form.words]), far)
    return best_of(found.values())


def best_of(names: Iterable[HeardName]) -> list[HeardName]:
    """Return the best of several names, and those that are heard about as well."""
    ordered = sorted(names, key=lambda name: (name.misheard, name.printed))
    best = ordered[0].misheard if ordered else 0.0
    return [name for name in ordered[:_MOST_NAMES] if name.misheard <= best + _AS_WELL]


def _key(consonants: str) -> int:
    return key(f"{consonants}~~~~")
