"""A list file as it came."""

import msgspec

_MARK = b"\xef\xbb\xbf"
_HEAD_LENGTH = 4_096


class GivenFile(msgspec.Struct, frozen=True):
    """One file as it came: `name` for people and messages, never for telling what it is."""

    name: str
    content: bytes

    @property
    def head(self) -> str:
        """The first few thousand characters, without byte order mark and leading blanks."""
        return self.content[:_HEAD_LENGTH].removeprefix(_MARK).lstrip().decode("utf-8", "replace")
