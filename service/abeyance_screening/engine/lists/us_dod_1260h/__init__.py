"""Chinese military companies under section 1260H, as the Defense Department publishes them.

The Defense Department's own server answers no program, so that the list is read from the notice
that the Federal Register prints the day after. Its search, an answer in JSON, has the address of
each notice's text, with the day in it.

Source: https://www.federalregister.gov/developers/documentation/api/v1
"""

from abeyance_screening.engine.lists.catalogue_types import (
    US_WORK,
    FileLink,
    KnownList,
    ListSource,
)

# A PDF file of this list without one of its inner pages looks whole. The inner pages of January
# 2025 hold 30 to 34 of 134 companies each, 22 to 25 %; that edition itself removed six companies.
_LARGEST_LOSS_OF_1260H = 0.2

_SEARCH = (
    "https://www.federalregister.gov/api/v1/documents.json"
    "?conditions%5Bagencies%5D%5B%5D=defense-department&conditions%5Bterm%5D=1260H"
    "&conditions%5Btype%5D%5B%5D=NOTICE&fields%5B%5D=title&fields%5B%5D=raw_text_url"
    "&order=newest&per_page=100"
)
_TEXT = r"/full_text/text/(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/[\d-]+\.txt$"

SOURCES = (
    ListSource(
        place=90,
        code="us_dod_1260h",
        title="Chinese Military Companies, section 1260H",
        publisher="US Department of Defense",
        urls=(),
        links=(
            FileLink(
                page=_SEARCH,
                hosts=("federalregister.gov",),
                address=_TEXT,
                text=r"^Notice of Availability of Designation of Chinese Military Companies$",
            ),
        ),
        home_url="https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H",
        marks=("section 1260H", "Chinese military compan"),
        formats=(
            "the section 1260H list as PDF, or its Federal Register notice as text, XML or HTML",
            "a Federal Register notice that only adds to the list or removes from it",
            "the section 1260H list as a table that a person transcribed from it",
        ),
        cadence="once a year",
        every_hours=24,
        licence=US_WORK,
        attribution="US Department of Defense",
        tried_on=(
            "official PDF of January 2025, whole; a table of the 188 rows of the list of June "
            "2026 that was transcribed by hand; notices of January 2025 and June 2026 and a list "
            "of June 2026 re-made from real entries, for no official copy of them was at hand"
        ),
    ),
)

LISTS = (
    KnownList(
        place=170,
        code="us_dod_1260h",
        title="Chinese Military Companies (section 1260H)",
        authority="Department of Defense",
        jurisdiction="US",
        sources=("us_dod_1260h",),
        max_age_days=400,
        home_url="https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H",
        largest_loss=_LARGEST_LOSS_OF_1260H,
        canaries=("Aviation Industry Corporation of China Ltd.",),
    ),
)
