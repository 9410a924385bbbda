"""Names in another script than Latin: the listed names that they are known for or sound like."""

from collections.abc import Callable, Iterator, Sequence

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.native_names import known_as
from abeyance_screening.engine.names.form.slips import reread
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match.heard import HeardName

# What it costs that a name is known from elsewhere than a list, and that it is heard rather than
# read, beside how far it is from what is heard.
_KNOWN = _HEARD = -0.4


def own_script_forms(
    printed: str, entity_type: EntityType | None, heard: Callable[[str], Sequence[HeardName]]
) -> Iterator[ComparisonForm]:
    """Yield the forms of a whole name in another script as the listed names it stands for.

    غازبروم is read as Gazprom, and بانک اقتصاد نوین as EN Bank. `heard` finds the names of firms
    that letters sound like, so there are none where another type of entity is asked for.
    """
    if printed.isascii() or entity_type not in {None, "organisation"}:
        return
    for known in known_as(printed):
        how = (f"known by this name {known.source}, which the list does not print: {{}}", _KNOWN)
        form = reread(printed, known.latin, how)
        if form is not None:
            yield form
    for name in heard(" ".join([word.printed for word in normalise(printed).words])):
        how = ("by its sound: {}", _HEARD - name.misheard)
        form = reread(printed, name.printed, how)
        if form is not None:
            yield form
