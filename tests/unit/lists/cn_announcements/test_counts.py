import pytest

from abeyance_screening.engine.lists.cn_announcements.annex import AnnouncementText, check_counts
from abeyance_screening.engine.lists.cn_announcements.announcements import AnnouncedParty
from abeyance_screening.primitives.errors import RowRefusedError

TITLE = "关于将阿尔法公司等外国实体列入出口管制管控名单"


def parties(*names: str, persons: int = 0) -> list[AnnouncedParty]:
    return [
        AnnouncedParty(
            number=place,
            name_zh=name,
            entity_type="person" if place > len(names) - persons else "organisation",
        )
        for place, name in enumerate(names, start=1)
    ]


def check(
    found: list[AnnouncedParty],
    text: str,
    *,
    title: str = TITLE,
    examples: str = "",
    numbered: bool = False,
) -> None:
    named = AnnouncementText(title=title, text=text, examples=examples, is_numbered=numbered)
    check_counts("cn-ecl-2026-1", found, named)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("等2家实体", id="and others, 2"),
        pytest.param("上述两家实体", id="the two above"),
        pytest.param("以下二家企业", id="a Chinese numeral"),
        pytest.param("将2个外国实体列入", id="another counting word"),
        pytest.param("参与军售的2家日本实体", id="behind other words"),
    ],
)
def test_the_number_that_the_text_states_agrees(text: str):
    check(parties("甲", "乙"), text)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        pytest.param("等37家实体", 37, id="37"),
        pytest.param("等三十七家实体", 37, id="a Chinese numeral"),
        pytest.param("上述37家实体,其中2家", 37, id="above"),
        pytest.param("将37个实体列入", 37, id="another counting word"),
        pytest.param("等2家实体和等3名人员", 3, id="persons"),
    ],
)
def test_another_number_is_refused_even_where_numbers_run(text: str, due: int):
    with pytest.raises(RowRefusedError, match=f"the announcement states {due} parties, and"):
        check(parties("甲", "乙"), text, numbered=True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("参与军售的37家实体", id="another number in other words"),
        pytest.param("37家实体,其中2家", id="the number of some"),
        pytest.param("一个中国原则和中美三个联合公报、2国家", id="numbers of other things"),
    ],
)
def test_without_anything_that_shows_that_all_were_read_it_is_refused(text: str):
    with pytest.raises(RowRefusedError, match="2 parties could be read, and neither a number"):
        check(parties("甲", "乙"), text)


def test_persons_need_a_number_of_their_own():
    found = parties("甲", "乙", persons=1)
    check(found, "等1家企业、等1名人员")
    with pytest.raises(RowRefusedError, match="neither a number"):
        check(found, "等1家企业")


@pytest.mark.parametrize(
    ("title", "is_shown"),
    [
        pytest.param("关于将美国甲公司和乙集团列入不可靠实体清单的公告", True, id="both"),
        pytest.param("关于对甲、乙采取反制措施的决定", True, id="a decision"),
        pytest.param("关于将甲公司、乙公司、丙公司列入", False, id="another one too"),
        pytest.param("关于将甲公司、乙公司等列入", False, id="and others"),
        pytest.param("关于将甲公司列入", False, id="one alone"),
        pytest.param("列入清单", False, id="none"),
    ],
)
def test_a_title_that_names_all_and_no_others_shows_it(title: str, is_shown: bool):
    found = parties("甲公司", "乙集团")
    if is_shown:
        check(found, "", title=title)
    else:
        with pytest.raises(RowRefusedError, match="neither a number"):
            check(found, "", title=title)


def test_where_numbers_alone_show_it_the_examples_must_be_there():
    check(parties("甲公司", "乙公司"), "", examples="甲公司、乙公司及其分支机构等", numbered=True)
    with pytest.raises(RowRefusedError, match="names '丙', which is not among the 2"):
        check(parties("甲公司", "乙公司"), "", examples="甲公司、丙公司等", numbered=True)
