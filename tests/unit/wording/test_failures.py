"""What a person is told to do about a download that failed."""

import pytest

from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE
from abeyance_screening.engine.wording.failures import advice_on, failure_of
from abeyance_screening.primitives.errors import STRANGE

PERSON = "download the file from https://www.dhs.gov/uflpa-entity-list and load it"


@pytest.mark.parametrize(
    ("reason", "failure", "begins"),
    [
        pytest.param("the server answered 403", "refuses programs", "its server ref", id="403"),
        pytest.param("the server answered 400", "refuses programs", "its server ref", id="400"),
        pytest.param(f"x {STRANGE}", "refuses programs", "its server refuses", id="captcha"),
        pytest.param("the server answered 404", "moved", "the file is no longer at", id="404"),
        pytest.param("the server answered 410", "moved", "the file is no longer at", id="410"),
        pytest.param(
            "the publisher's page has no link to the file (3 other links); it has changed",
            "moved",
            "the file is no longer at",
            id="no link",
        ),
        pytest.param(
            "the redirect's address could not be found", "moved", "the file is", id="redirect"
        ),
        pytest.param("the server answered 429", "busy", "try again later", id="429"),
        pytest.param("the server answered 503", "busy", "try again later", id="503"),
        pytest.param("cut off after 3 of 9 bytes", "broken", "try again;", id="cut"),
        pytest.param("too slow: 3 of 9 bytes arrived, …", "broken", "try again;", id="slow"),
        pytest.param("the server answered 304", "broken", "try again;", id="304"),
        pytest.param("no answer within 60 s", "unreached", "let this machine", id="silence"),
        pytest.param(
            "the publisher's address could not be found", "unreached", "let this", id="no name"
        ),
        # of several ways
        pytest.param(
            "the server answered 403; then x: cut off after 1 of 2 bytes",
            "broken",
            "try again;",
            id="one may come yet",
        ),
        pytest.param(
            "no answer within 60 s; then x: the server answered 403",
            "refuses programs",
            "its server ref",
            id="one refuses",
        ),
    ],
)
def test_what_is_advised_goes_by_what_happened(reason: str, failure: str, begins: str):
    source = SOURCE_BY_CODE["us_uflpa"]
    assert failure_of(reason) == failure
    advice = advice_on(source, reason, "www.dhs.gov", has_mirror=False)
    assert advice.startswith(begins)
    assert PERSON in advice
    mirrored = advice_on(source, reason, "www.dhs.gov", has_mirror=True)
    assert mirrored.startswith("look at the mirror of ABEYANCE_MIRROR, asked instead of www.dhs")
