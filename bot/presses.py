"""Which presses of buttons are a handler's: those whose data is wholly of its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

__all__ = ["exactly"]


def exactly(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    """Return what tells data that matches to its end; the library looks at the start alone."""

    def is_ours(data: object) -> bool:
        return isinstance(data, str) and pattern.fullmatch(data) is not None

    return is_ours
