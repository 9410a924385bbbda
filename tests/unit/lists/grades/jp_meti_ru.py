"""Japan's three lists of bodies, mutated as text and as PDF files; their items have no codes."""

from abeyance_screening.engine.lists.reading.pdf import pdf_text
from tests.unit.lists.grades.mutations import VALUE, Files, Mutation, Sample, replaced
from tests.unit.lists.reading.pdf.pdf_files import pdf_file

_LISTS = ("list_belarus_tokutei", "list_russia_tokutei", "list_daisangoku_tokutei")
_NO_CODES = "no line of an item is a code"
_LAST_ALIAS = "- Joint-Stock Company Integral-Holding Managing Company"


def _in_pdf(mutation: Mutation) -> Mutation:
    """Make a PDF file of the text of the first file, mutated."""

    def mutate(files: Files) -> Files:
        text, *others = mutation((pdf_text(files[0]).encode(), *files[1:]))
        return (pdf_file(text.decode().split("\n")), *others)

    return mutate


_LABEL_ADDED = replaced(_LAST_ALIAS, f"{_LAST_ALIAS}\n設立年\uff1a{VALUE}")
_WITHOUT_ENGLISH = replaced("JSC Integral, a.k.a., the following two aliases:", "")

SAMPLES = (
    Sample(
        word="jp_meti_ru_pdf",
        source="jp_meti_ru",
        files=tuple(f"jp_meti_ru/{name}.txt" for name in _LISTS),
        unknown=_LABEL_ADDED,
        blank=_WITHOUT_ENGLISH,
        code=None,
        torn=replaced("\n\uff13 株", "\n株"),
        not_applicable=_NO_CODES,
        cut_is_seen=False,
    ),
    Sample(
        word="jp_meti_ru_pdf",
        source="jp_meti_ru",
        files=tuple(f"jp_meti_ru/{name}.pdf" for name in _LISTS),
        unknown=_in_pdf(_LABEL_ADDED),
        blank=_in_pdf(_WITHOUT_ENGLISH),
        code=None,
        not_applicable=_NO_CODES,
    ),
)
