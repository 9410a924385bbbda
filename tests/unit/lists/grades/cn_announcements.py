"""Chinese announcements, gathered and each as its text, mutated."""

from typing import Any

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Sample,
    json_changed,
    replaced,
)


def _party(file: Any, place: int) -> Any:
    return file["announcements"][0]["parties"][place]


def _field_added(file: Any) -> None:
    _party(file, 1)[UNKNOWN] = VALUE


def _nameless(file: Any) -> None:
    del _party(file, 1)["name_en"], _party(file, 1)["name_zh"]


def _new_kind(file: Any) -> None:
    _party(file, 1)["entity_type"] = "ship"


SAMPLES = (
    Sample(
        word="cn_announcements_json",
        source="cn_announcements",
        files=("cn_announcements/gathered.json",),
        unknown=json_changed(_field_added),
        blank=json_changed(_nameless),
        code=json_changed(_new_kind),
    ),
    Sample(
        word="cn_announcement_page",
        source="cn_announcements",
        files=("cn_announcements/ecl_2025_35.txt",),
        unknown=replaced("Development Corp.\uff09", f"Development Corp.\uff09\uff0c{VALUE}"),
        blank=None,
        code=None,
        not_applicable="a number without its name breaks the count; there are no sections",
    ),
    Sample(
        word="cn_announcement_page",
        source="cn_announcements",
        files=("cn_announcements/mfa_2024_10_10.txt",),
        unknown=None,
        blank=None,
        code=replaced("一、企业", "一、船舶"),
        not_applicable="the announcement is here for its sections",
    ),
)
