from collections.abc import Callable

from abeyance_screening.engine.lists.jp_meti_ru.reader import read_lists
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.texts import narrow

type Sample = Callable[[str], bytes]
NAMES = ("list_belarus_tokutei", "list_daisangoku_tokutei", "list_russia_tokutei")


def test_the_text_layer_of_the_pdf_files_gives_the_listings_of_their_published_text(
    sample: Sample,
):
    files, layers = (
        tuple(GivenFile(name, sample(f"jp_meti_ru/{name}{end}.txt")) for name in NAMES)
        for end in ("", "_pdf")
    )
    texts = [narrow(each.content.decode()) for each in (files[2], layers[2])]
    assert ["株式会\n社ASK" in text for text in texts] == [True, False]
    assert ["株式会\n社 ASK" in text for text in texts] == [False, True]
    assert read_lists(layers) == read_lists(files)
