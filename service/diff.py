"""Two editions of one list, compared: what was listed, what changed, what is gone."""

from collections.abc import Mapping

import msgspec


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Listing ids, sorted: new in the later edition, other than before, no longer there."""

    listed: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def stored(self) -> tuple[str, ...]:
        """Those whose new state has to be stored."""
        return self.listed + self.changed

    @property
    def closed(self) -> tuple[str, ...]:
        """Those whose old state no longer stands."""
        return self.changed + self.gone


NO_DIFFERENCE = Difference(listed=(), changed=(), gone=())


def compare_editions(before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    """Compares two editions given as digest by listing id."""
    return Difference(
        listed=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(
            sorted(key for key in after.keys() & before.keys() if after[key] != before[key])
        ),
        gone=tuple(sorted(before.keys() - after.keys())),
    )
