"""Every sentence that Verbatim says to people: one file a language, in Project Fluent's format.

To add a language, copy `en.ftl` to its ISO 639 code and translate it; a test says what is missing.
https://projectfluent.org/fluent/guide/
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fluent.runtime import FluentBundle, FluentResource
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENGLISH", "LANGUAGES", "Texts", "texts_for"]

_FALLBACK = "en"
_SUFFIX = ".ftl"
_HELD = re.compile(r"\0(\d+)\0")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

LANGUAGES: tuple[str, ...] = tuple(
    sorted(
        each.name.removesuffix(_SUFFIX)
        for each in files(__name__).iterdir()
        if each.name.endswith(_SUFFIX)
    )
)
"""The languages that there is a file for."""


class Texts:
    """What is said in one language, by name; English stands in for what is not translated."""

    def __init__(self, language: str) -> None:
        self.language = language
        # Where a line runs from right to left, a number or a title within it needs its own
        # direction, or its parts change places (Unicode Standard Annex 9).
        self._bundle = FluentBundle([language], use_isolating=language in _RIGHT_TO_LEFT)
        for each in dict.fromkeys((_FALLBACK, language)):
            resource = FluentResource(files(__name__).joinpath(each + _SUFFIX).read_text("utf-8"))
            self._bundle.add_resource(resource, allow_overrides=True)

    def __call__(self, name: str, **values: str | int) -> str:
        """Return a plain text with its values in place; `_` in a value's name stands for `-`.

        Raises:
            LookupError: there is no such text, or it needs a value that is not given.
        """
        return self._formatted(name, values)

    def html(self, name: str, **values: str | int | Markup) -> Markup:
        """Return a text as HTML: values are escaped unless they are `Markup` already.

        Raises:
            LookupError: there is no such text, or it needs a value that is not given.
        """
        escaped = {
            key: str(escape(value)) if isinstance(value, str) else value
            for key, value in values.items()
        }
        return Markup(self._formatted(name, escaped))  # noqa: S704 -- a test holds that no text has markup

    def _formatted(self, name: str, values: Mapping[str, str | int]) -> str:
        message = self._bundle.get_message(name)
        if message.value is None:
            raise LookupError(f"the text {name!r} is empty")
        # Fluent takes 1,000 characters at most for a value, which an address may well exceed: so
        # it is given marks, and what they stand for is put in afterwards.
        held = [value for value in values.values() if isinstance(value, str)]
        marks = iter(range(len(held)))
        given = {
            key.replace("_", "-"): f"\0{next(marks)}\0" if isinstance(value, str) else value
            for key, value in values.items()
        }
        text, problems = self._bundle.format_pattern(message.value, given)
        if problems:
            raise LookupError(f"the text {name!r} can't be made: {problems[0]}")
        return _HELD.sub(lambda mark: held[int(mark[1])], str(text))


def texts_for(language_code: str | None) -> Texts:
    """Return the texts for a user's `language_code` (IETF, may be absent), or English."""
    language = (language_code or "").lower().partition("-")[0]
    return _texts(language if language in LANGUAGES else _FALLBACK)


@cache
def _texts(language: str) -> Texts:
    return Texts(language)


ENGLISH = texts_for(_FALLBACK)
"""The texts of the terminal, and of whoever's language is not known."""
