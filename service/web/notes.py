"""Notes as small print: each labelled one a line of its own, small remarks in one together."""

from collections.abc import Collection, Iterable

import msgspec

from service.wording import Note, NoteKind

_REMARKS: frozenset[NoteKind] = frozenset({"start", "source", "checked", "unchecked"})


def fine_print(
    notes: Iterable[Note], without: Collection[NoteKind] = ("unchecked",)
) -> tuple[Note, ...]:
    """The lines under a sentence, in their order; `without` are the kinds a page leaves out."""
    lines: list[Note] = []
    for note in notes:
        if note.kind in without:
            continue
        last = lines[-1] if lines else None
        if last is not None and last.kind in _REMARKS and note.kind in _REMARKS:
            lines[-1] = msgspec.structs.replace(last, text=f"{last.text} {note.text}")
        else:
            lines.append(note)
    return tuple(lines)
