"""Page, print, PDF, table and terminal say who a party is, from one list of facts."""

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.screening.answer import PartyProfile, ScreeningAnswer
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.tables import ReadRow, party_rows
from abeyance_screening.engine.wording.parties import PARTY_FACTS, FactKind
from abeyance_screening.features.evidence.document import PrintRequest, evidence_of
from abeyance_screening.features.evidence.pdf import Judgement, pdf_of
from abeyance_screening.features.screen.cli_output import print_briefly
from abeyance_screening.features.tables.requests import lines_of
from abeyance_screening.platform.pages.frame import AddressDays
from tests.integration.dated import pdf_text, text_of

_DAYS = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
_NAME = "Huawei"
_NO_JUDGEMENT = Judgement(decision="", by="", reason="")


def _initials(party: PartyProfile) -> tuple[str, ...]:
    """A fact that no surface knows: the first letters of the party's name."""
    return ("".join(word[0] for word in party.name.split()) + "!",)


def _said(party: PartyProfile) -> str:
    """How the fact stands among others, which its value alone would not explain."""
    return f"Initials: {_initials(party)[0]}"


@pytest.fixture
def one_more_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    more = FactKind("initials", "line", _initials)
    place = "abeyance_screening.engine.wording.parties.PARTY_FACTS"
    monkeypatch.setattr(place, (*PARTY_FACTS, more))
    monkeypatch.setenv("COLUMNS", "5000")


@pytest.mark.usefixtures("one_more_fact")
def test_one_more_fact_of_a_party_shows_wherever_a_party_is_named(
    client: TestClient[Litestar], capsys: pytest.CaptureFixture[str]
):
    body = {"counterparties": [{"name": _NAME}], **_DAYS}
    content = client.post("/v1/screenings", json=body).content
    answer = msgspec.json.decode(content, type=ScreeningAnswer)
    (result,) = answer.results
    first, *others = result.parties
    facts = f"China · {_said(first)}"
    page = client.get("/", params={"name": _NAME, **_DAYS}).text
    assert f"China · organisation · {_said(first)}" in text_of(page)
    assert any(f" · {_said(each)}" in text_of(page) for each in others)
    assert facts in text_of(client.get(f"/parties/{first.id}", params=_DAYS).text)
    evidence = evidence_of(content, PrintRequest(given={}, judgement=_NO_JUDGEMENT))
    assert facts in str(evidence)
    assert facts in pdf_text(pdf_of(evidence))
    read = ReadRow(number=1, counterparty=Counterparty(name=_NAME))
    line = lines_of(party_rows(read, result, answer), AddressDays())[0]
    assert (line.facts, line.countries) == (f"CN · {_said(first)}", "CN")
    print_briefly(answer)
    assert f"(CN; {_said(first)})" in capsys.readouterr().out
