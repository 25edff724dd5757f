"""Numbers and units in sentences."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quantities import Quantity, do_quantities_differ, quantities_of
from index.units import COUNT, unit_named


def only(text: str) -> Quantity:
    """Return the one quantity of a text."""
    (quantity,) = quantities_of(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "low", "high", "kind"),
    [
        ("43 men", 43, 43, COUNT),
        ("forty-three men", 43, 43, COUNT),
        ("1,204 men", 1204, 1204, COUNT),
        ("one thousand two hundred and four men", 1204, 1204, COUNT),
        ("two million and five men", 2_000_005, 2_000_005, COUNT),
        ("a dozen men", 12, 12, COUNT),
        ("300 men", 285, 315, COUNT),
        ("20 men", 19, 21, COUNT),
        ("1.2 million men", 1_150_000, 1_250_000, COUNT),
        ("about 300 men", 270, 330, COUNT),
        ("300 or so men", 270, 330, COUNT),
        ("more than 300 men", 300, math.inf, COUNT),
        ("At least 300 men", 300, math.inf, COUNT),
        ("300 or more men", 300, math.inf, COUNT),
        ("fewer than 300 men", 0, 300, COUNT),
        ("as many as 300 men", 0, 300, COUNT),
        ("between 41 and 43 men", 41, 43, COUNT),
        ("41 to 43 men", 41, 43, COUNT),
        ("41-43 km", 41_000, 43_000, "length"),
        ("dozens of men", 24, 144, COUNT),
        ("Tens of thousands", 20_000, 200_000, COUNT),
        ("43%", 0.43, 0.43, "share"),
        ("43 per cent", 0.43, 0.43, "share"),
        ("two thirds", 0.6333, 0.7, "share"),
        ("4.9 km", 4850, 4950, "length"),
        ("5 feet 3 inches", 1.6002, 1.6002, "length"),
        ("three weeks", 21, 21, "time"),
        ("a week", 7, 7, "time"),
        ("2 hours and 30 minutes", 0.103125, 0.105208, "time"),
        ("a 41-year-old man", 14975.25, 14975.25, "time"),
        ("250 km/h", 245, 255, "speed"),
        ("$3.5 million", 3_450_000, 3_550_000, "money dollar"),
        ("US$7bn", 7e9 - 3.5e8, 7e9 + 3.5e8, "money dollar"),
        ("£43", 43, 43, "money pound"),
        ("43 euros", 43, 43, "money euro"),
    ],
)
def test_a_quantity_is_an_interval(text: str, low: float, high: float, kind: str) -> None:
    """As far as the text says, and a round number may be rounded by a twentieth."""
    quantity = only(text)
    assert (quantity.low, quantity.high) == pytest.approx((low, high), rel=1e-4)
    assert (quantity.kind, quantity.is_part) == (kind, False)


@pytest.mark.parametrize(
    "text", ["in the 3rd week", "at 10:30", "COVID-19", "F-16 jets", "v1.2.3", "Q4", "nobody"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    """Ordinals, times, names and versions."""
    assert quantities_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "another 43 men",
        "43 more men",
        "43 of the men",
        "including 43 men",
        "rose by 43 men",
        "from 41 to 43 men",
        "the first 43 men",
    ],
)
def test_a_part_or_a_change_is_known_for_one(text: str) -> None:
    """It is not how many there are."""
    assert only(text).is_part


def test_each_quantity_has_its_place() -> None:
    """The span is the number with its unit."""
    text = "The 4.9 km road took 41 men two years."
    found = [text[slice(*quantity.span)] for quantity in quantities_of(text)]
    assert found == ["4.9 km", "41", "two years"]


@pytest.mark.parametrize(
    ("one", "other", "is_different"),
    [
        ("1,000", "a thousand", False),
        ("300", "about 300", False),
        ("300", "298", False),
        ("300", "400", True),
        ("more than 300", "310", False),
        ("more than 300", "1,200", False),
        ("more than 300", "about 200", True),
        ("between 200 and 300", "250", False),
        ("30%", "a third", False),
        ("30%", "43%", True),
        ("3 miles", "5 km", False),
        ("3 miles", "7 km", True),
        ("12 months", "a year", False),
        ("12 months", "two years", True),
        ("30 km", "300 kg", False),
        ("$30", "€50", False),
    ],
)
def test_quantities_differ_that_cannot_both_be_right(
    one: str, other: str, *, is_different: bool
) -> None:
    """Whatever their units; of two kinds nothing can be said."""
    assert do_quantities_differ(only(one), only(other)) == is_different
    assert do_quantities_differ(only(other), only(one)) == is_different


@given(st.integers(0, 10**9))
def test_a_number_never_differs_from_itself(number: int) -> None:
    """With or without commas, exact or about."""
    written = [f"{number}", f"{number:,}", f"about {number}", f"at least {number}"]
    for one in written:
        assert only(one).low <= number <= only(one).high
        assert not any(do_quantities_differ(only(one), only(other)) for other in written)


@given(st.text(alphabet="0123456789.,-–$%:/ andthousfivekm", max_size=40) | st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    """Spans lie within, in order, and no interval is turned round."""
    end = 0
    for quantity in quantities_of(text):
        assert end <= quantity.span.start < quantity.span.end <= len(text)
        end = quantity.span.end


@pytest.mark.parametrize(
    ("name", "kind", "factor"),
    [
        ("km", "length", 1000),
        ("Kilometres", "length", 1000),
        ("per cent", "share", 0.01),
        ("soldiers", COUNT, 1),
    ],
)
def test_units_have_many_names(name: str, kind: str, factor: float) -> None:
    """What is no unit counts."""
    assert unit_named(name) == (kind, factor)
