"""Section 1260H, mutated: the PDF file, its text, and the notice in three forms."""

from abeyance_screening.engine.lists.reading.pdf import pdf_layout
from tests.unit.lists.grades.mutations import (
    VALUE,
    Files,
    Mutation,
    Sample,
    cell_put,
    column_added,
    replaced,
)
from tests.unit.lists.reading.pdf.pdf_files import pdf_file

_PLACE = "us_dod_1260h"
_LISTED, _ADDED = "Alibaba Group Holding Limited (Alibaba)", "Computer\nCo., Ltd.)"


def _set_anew(mutation: Mutation) -> Mutation:
    """Change the text of a PDF file, and set its lines in a new one."""

    def mutate(files: Files) -> Files:
        (changed,) = mutation((pdf_layout(files[0]).encode(),))
        pages = changed.decode().split("\f")
        return (pdf_file(*(page.split("\n") for page in pages)), *files[1:])

    return mutate


SAMPLES = (
    Sample(
        word="dod_1260h",
        source="us_dod_1260h",
        files=(f"{_PLACE}/2025-01_official.pdf",),
        unknown=_set_anew(replaced("(YMTC)", f"(YMTC) [{VALUE}]")),
        blank=_set_anew(replaced("Tencent Holdings Limited", "limited")),
        code=_set_anew(replaced("(YMTC)", "(YMTC)2")),
    ),
    *(
        Sample(
            word="dod_1260h",
            source="us_dod_1260h",
            files=(f"{_PLACE}/{place}",),
            unknown=replaced(_LISTED, f"{_LISTED} [{VALUE}]"),
            blank=replaced(_LISTED, ""),
            code=replaced(_LISTED, f"{_LISTED}2"),
            # a text without a last line, as the department's file is, may be cut between two names
            cut_is_seen=not place.endswith("list.txt"),
        )
        for place in (
            "2026-06-08_list.txt",
            "2026-06-10_notice.txt",
            "2026-06-10_notice.xml",
            "2026-06-10_notice.html",
        )
    ),
    Sample(
        word="dod_1260h_changes",
        source="us_dod_1260h",
        files=(f"{_PLACE}/2026-07-01_changes.txt",),
        unknown=replaced(_ADDED, f"{_ADDED} [{VALUE}]"),
        blank=None,
        code=replaced(_ADDED, f"{_ADDED}2"),
        not_applicable="the notice adds one company; a file of one unreadable record is refused",
    ),
    Sample(
        word="dod_1260h_transcribed",
        source="us_dod_1260h",
        files=(f"{_PLACE}/2026-06-08_transcribed.csv",),
        unknown=column_added(),
        blank=cell_put("as_printed", ""),
        code=replaced("(Qihoo 360),Qihoo", "(Qihoo 360)2,Qihoo"),
        cut_is_seen=False,
    ),
)
