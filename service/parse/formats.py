"""Which parser reads a file: told by the source it came from and by its first bytes."""

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse import own, un_sc, us_csl
from service.parse.texts import refuse_other_files


def read_file(
    source: str, content: bytes, *, list_code: str | None = None
) -> tuple[str, tuple[ParsedEdition, ...]]:
    """A list file as the word for its format and the editions in it.

    The words are `csl_csv`, `csl_json`, `un_xml`, `own_jsonl` and `own_csv`.

    `source` is `us_csl`, `un_sc` or `own`; `list_code` names a user's own list and belongs to
    that source alone. A file's name says nothing here: the format is told by the content.
    Everything in the file comes back, or nothing does.

    Raises:
        ListRefusedError: an unknown source, or a file as a whole not what the source publishes.
        RowRefusedError: a record cannot be read.
    """
    if (list_code is not None) != (source == "own"):
        raise ListRefusedError(source, "a list code belongs to a user's own list, and only there")
    refuse_other_files(list_code or source, content)
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    match source, start:
        case "us_csl", b"{":
            return "csl_json", us_csl.parse_json(content)
        case "us_csl", _:
            return "csl_csv", us_csl.parse_csv(content)
        case "un_sc", _:
            return "un_xml", un_sc.parse_xml(content)
        case "own", b"{":
            return "own_jsonl", (own.parse_jsonl(content, list_code or ""),)
        case "own", _:
            return "own_csv", (own.parse_csv(content, list_code or ""),)
        case _:
            raise ListRefusedError(source, "no parser is known for this source")
