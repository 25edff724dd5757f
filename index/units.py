"""Units of measurement by their English names: what they measure, and how large they are."""

from __future__ import annotations

import re

__all__ = ["COUNT", "SIGNS", "UNIT_PATTERN", "unit_named"]

COUNT = ""
"""The kind of a number without a unit."""

SIGNS = {"$": "money dollar", "€": "money euro", "£": "money pound", "¥": "money yen"}
"""The kind of what stands behind a currency's sign."""

_UNITS = {
    name: (kind, factor)
    for kind, factor, names in (
        ("share", 0.01, "% percent per-cent"),
        ("length", 0.001, "mm millimetre millimeter"),
        ("length", 0.01, "cm centimetre centimeter"),
        ("length", 1.0, "m metre meter"),
        ("length", 1000.0, "km kilometre kilometer"),
        ("length", 0.0254, "inch inches"),
        ("length", 0.3048, "ft foot feet"),
        ("length", 0.9144, "yard"),
        ("length", 1609.34, "mile"),
        ("mass", 1.0, "g gram"),
        ("mass", 1000.0, "kg kilo kilogram kilogramme"),
        ("mass", 1e6, "t ton tonne"),
        ("mass", 453.6, "lb lbs"),
        ("time", 1 / 86400, "second"),
        ("time", 1 / 1440, "minute"),
        ("time", 1 / 24, "hour"),
        ("time", 1.0, "day"),
        ("time", 7.0, "week"),
        ("time", 30.44, "month"),
        ("time", 365.25, "year year-old years-old"),
        ("time", 3652.5, "decade"),
        ("speed", 1.0, "km/h kph"),
        ("speed", 1.609, "mph"),
        ("degrees", 1.0, "° °C degree"),
        ("money dollar", 1.0, "dollar"),
        ("money euro", 1.0, "euro"),
        ("pounds", 1.0, "pound"),
    )
    for name in names.split()
}

_SHORTEST_PLURAL = 3
UNIT_PATTERN = "|".join(
    re.escape(name).replace(r"\-", r"[\s-]")
    + ("s?" if name.isalpha() and len(name) >= _SHORTEST_PLURAL else "")
    for name in sorted(_UNITS, key=len, reverse=True)
)
"""A pattern that matches every name."""


def unit_named(text: str) -> tuple[str, float]:
    """Return what a unit measures and its size in that kind's base unit; else `COUNT` and 1."""
    name = re.sub(r"\s", "-", text.lower())
    return _UNITS.get(name) or _UNITS.get(name.removesuffix("s")) or (COUNT, 1.0)
