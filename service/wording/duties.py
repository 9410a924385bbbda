"""What a measure forbids or asks for, in plain words."""

from collections.abc import Iterable

from service.model.measure import Effect, EffectKind
from service.model.on_day import MeasureOnDay

_BARE: dict[EffectKind, str] = {
    "blocked": "Its funds and assets are frozen, and nothing may be made available to it",
    "prohibition": "Dealings with it are forbidden",
    "licence_required": "A licence is needed",
    "import_ban": "Its goods may not be imported",
    "travel_ban": "Entry and transit are forbidden",
    "debarment": "It is debarred",
    "due_diligence": "More checks than usual are due",
    "fee": "A charge is due",
    "director_disqualification": "It may not direct a company",
    "easing": "It loosens other measures",
    "own_policy": "A policy of our own asks for care",
    "unknown": "What it forbids is not on record",
    "none": "It forbids nothing by itself",
}
_WITH_WHAT: dict[EffectKind, str] = {
    "blocked": "Frozen: {}",
    "prohibition": "Forbidden: {}",
    "licence_required": "A licence is needed for {}",
    "import_ban": "Imports are forbidden: {}",
    "travel_ban": "Entry and transit are forbidden: {}",
    "debarment": "Debarred: {}",
    "due_diligence": "More checks than usual are due: {}",
    "fee": "A charge is due: {}",
    "director_disqualification": "It may not direct a company: {}",
    "easing": "Allowed: {}",
    "own_policy": "A policy of our own: {}",
    "unknown": "What it does is not on record for certain: {}",
    "none": "It forbids nothing by itself: {}",
}
_NOUNS: dict[EffectKind, tuple[str, str]] = {
    "blocked": ("the freeze", "of"),
    "prohibition": ("the ban", "on"),
    "licence_required": ("the licence requirement", "for"),
    "import_ban": ("the import ban", "on"),
    "travel_ban": ("the travel ban", "on"),
    "debarment": ("the debarment", "from"),
    "due_diligence": ("the duty to check", "on"),
    "fee": ("the charge", "of"),
    "director_disqualification": ("the disqualification", "from"),
    "easing": ("the easing", "of"),
    "own_policy": ("the policy", "on"),
    "unknown": ("whatever it does", "on"),
    "none": ("what it says", "on"),
}


def duty(measure: MeasureOnDay) -> str:
    """What is forbidden or needed, as whole sentences; the register's own plain words if any."""
    if measure.plain is not None:
        return measure.plain
    return duties_in_words(measure.effect)


def duties_in_words(effects: Iterable[Effect]) -> str:
    """The same of the effects alone: `A licence is needed for chips. Forbidden: arms.`."""
    return " ".join(f"{_said(effect)}." for effect in effects)


def duty_within(measure: MeasureOnDay) -> str:
    """The same behind a colon; the register's own words keep their capital."""
    words = duty(measure)
    return words if measure.plain is not None else f"{words[:1].lower()}{words[1:]}"


def nouns(measure: MeasureOnDay) -> tuple[str, ...]:
    """What to call it in a sentence: `the ban on trade with China`, one for each effect.

    Where the register has plain words, they say on what.
    """
    named = (_noun(effect, with_what=measure.plain is None) for effect in measure.effect)
    return tuple(dict.fromkeys(named))


def effect_in_words(measure: MeasureOnDay) -> str:
    """What the measure does, kinds first: `licence required; prohibition (new debt)`."""
    return "; ".join(
        effect.kind.replace("_", " ") + (f" ({effect.what})" if effect.what else "")
        for effect in measure.effect
    )


def _noun(effect: Effect, *, with_what: bool) -> str:
    name, preposition = _NOUNS[effect.kind]
    if effect.what is None or not with_what:
        return name
    if ":" in effect.what:
        return f"{name} ({effect.what})"
    return f"{name} {preposition} {effect.what}"


def _said(effect: Effect) -> str:
    if effect.what is None:
        return _BARE[effect.kind]
    return _WITH_WHAT[effect.kind].format(effect.what)
