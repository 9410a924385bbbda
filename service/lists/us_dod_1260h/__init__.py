"""Chinese military companies under section 1260H, as the Defense Department publishes them."""

from service.lists.kinds import US_WORK, KnownList, ListSource

# A PDF file of this list without one of its inner pages looks whole. The inner pages of January
# 2025 hold 30 to 34 of 134 companies each, 22 to 25 %; that edition itself removed six companies.
_LARGEST_LOSS_OF_1260H = 0.2

SOURCES = (
    ListSource(
        place=90,
        code="us_dod_1260h",
        title="Chinese Military Companies, section 1260H",
        publisher="US Department of Defense",
        urls=(),
        home_url="https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H",
        formats=("the section 1260H list as PDF, or the text of its Federal Register notice",),
        cadence="once a year",
        every_hours=24,
        licence=US_WORK,
        attribution="US Department of Defense",
        tried_on=(
            "official PDF of January 2025, whole; a notice of January 2025 and a list of June "
            "2026 re-made from real entries"
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
