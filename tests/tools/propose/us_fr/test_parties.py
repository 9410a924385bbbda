import pytest

from abeyance_screening.features.watch.proposals.us_fr import parties_of

ORDER = "Order Renewing Temporary Denial of Export Privileges"


@pytest.mark.parametrize(
    ("title", "parties"),
    [
        pytest.param(
            f"URAL Airlines JSC, Utrenniy Lane 1-g, Yekaterinburg, Russia 620025; {ORDER}",
            ("URAL Airlines JSC",),
            id="2026-19927: before the order",
        ),
        pytest.param(
            f"{ORDER}; UTair Aviation JSC, Khanty-Mansiysk Airport Tyumen Region, Russia 628012",
            ("UTair Aviation JSC",),
            id="2024-21947: after the order",
        ),
        pytest.param(
            f"Azur Air, Sharypovo Airport, Moscow, Russia; Moscow, Russia; {ORDER}",
            ("Azur Air", "Moscow"),
            id="2024-21949: an address of its own is nobody's name",
        ),
        pytest.param(
            f"Acme Co., Ltd., 1 Road, Dubai; {ORDER}",
            ("Acme Co., Ltd.",),
            id="Ltd.",
        ),
        pytest.param(
            "In the Matter of: Ann Example, Texas; Order Denying Export Privileges",
            ("Ann Example",),
            id="in the matter of",
        ),
        pytest.param("Order Renewing Temporary Denial of Export Privileges", (), id="nobody"),
    ],
)
def test_the_parties_of_a_denial_order(title: str, parties: tuple[str, ...]):
    assert parties_of(title) == parties
