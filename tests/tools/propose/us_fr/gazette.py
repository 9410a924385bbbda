"""The documents of the fixtures, by number, and a made-up one to change."""

from datetime import date
from pathlib import Path

import msgspec

from abeyance_screening.engine.measures.places import FederalRegisterDocument
from abeyance_screening.features.watch.proposals.us_fr import read_documents

FIXTURES = Path(__file__).parents[3] / "fixtures" / "us_fr"
NOTICE = FederalRegisterDocument(
    number="2026-99999",
    title="Removing Duplicative Penalties Information",
    publication_date=date(2026, 11, 20),
    html_url="https://www.federalregister.gov/documents/2026/11/20/2026-99999/made-up",
)


def documents(file: str) -> dict[str, FederalRegisterDocument]:
    """Read the documents of `plain_list.json`, `api_answer.json` or `api_dated.json`."""
    return {each.number: each for each in read_documents((FIXTURES / file).read_bytes())}


def made(**fields: object) -> FederalRegisterDocument:
    """Return `NOTICE` with these fields replaced."""
    return msgspec.structs.replace(NOTICE, **fields)
