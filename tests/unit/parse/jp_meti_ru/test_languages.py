from service.parse.jp_meti_ru.languages import languages


def test_a_line_that_begins_with_a_legal_form_in_brackets_is_english():
    lines = [
        "(有限会社)マイクロエレクトロニクスコンプレックス(MPK)ミランドル",
        "(OOO) Microelectronic Production Complex (MPK) Milandr",
    ]
    assert languages("Russia, No. 354", lines) == (lines[0], lines[1:])


def test_a_line_that_begins_with_japanese_in_brackets_goes_on():
    lines = ["有限会社ヴェスト・オスト", "(別称、ウェスト・オスト)", "OOO Vest-Ost"]
    assert languages("Russia, No. 432", lines) == ("".join(lines[:2]), ["OOO Vest-Ost"])
