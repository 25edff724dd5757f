"""What is known of a document's origin: `seeds/sources.toml`, front matter, the file itself."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from index.errors import SourcesFileError, printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["SOURCES_FILE", "Metadata", "load_sources"]

SOURCES_FILE = "sources.toml"

_ISO_DATE = r"^\d{4}(-\d{2}(-\d{2}(T.+)?)?)?$"


def _iso(value: object) -> object:
    """Return dates as ISO 8601 text; a plain year may come as a number."""
    if isinstance(value, dt.date):  # datetime is a date too
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_real(value: str) -> str:
    """Refuse what looks like a date and is none, such as 2011-02-30."""
    dt.date.fromisoformat((value[:10] + "-01-01")[:10])
    return value


def _listed(value: object) -> object:
    """Return one author as a list of one."""
    return [value] if isinstance(value, str) else value


_Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\n]*$"),
]
_Date = Annotated[
    str, StringConstraints(pattern=_ISO_DATE), BeforeValidator(_iso), AfterValidator(_is_real)
]
_Url = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s<>\"\x00-\x1f\x7f]+$", max_length=2000)
]
_Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]


class Metadata(BaseModel):
    """The fields of a `Source` that can be stated; whatever is not stated is None or empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: _Text | None = None
    publisher: _Text | None = None
    authors: Annotated[tuple[_Text, ...], BeforeValidator(_listed)] = ()
    published: _Date | None = None
    url: _Url | None = None
    language: _Tag | None = None
    licence: _Text | None = None

    @classmethod
    def from_loose(cls, values: Mapping[Any, Any]) -> Metadata:
        """Take the fields that are known and valid, under their usual names; pass over the rest.

        For metadata that other programs wrote, where a strange value is no reason to lose a file.
        """
        aliases = {"author": "authors", "date": "published", "lang": "language"}
        aliases |= {"license": "licence", "rights": "licence", "site": "publisher", "link": "url"}
        known: dict[str, object] = {}
        for key, value in values.items():
            name = aliases.get(str(key).lower(), str(key).lower())
            if name in cls.model_fields and name not in known:
                try:
                    cls.model_validate({name: value})
                except ValidationError:
                    continue
                known[name] = value
        return cls.model_validate(known)

    def over(self, weaker: Metadata) -> Metadata:
        """Return these fields, with those that are not stated here taken from `weaker`."""
        return Metadata.model_validate(
            weaker.model_dump(exclude_defaults=True) | self.model_dump(exclude_defaults=True)
        )


def load_sources(seeds_dir: Path) -> dict[str, Metadata]:
    """Read `sources.toml`: a table for each file, named by its path below the folder.

    Returns an empty mapping where the file does not exist.

    Raises:
        SourcesFileError: not valid TOML, an unknown key, or a value of the wrong kind.
    """
    path = seeds_dir / SOURCES_FILE
    if path.exists() and not path.is_file():
        raise SourcesFileError(f"{path}: is not a regular file")
    try:
        tables = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourcesFileError(f"{path}: {error}") from error
    sources = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise SourcesFileError(
                f"{path}: '{printable(name)}' must be a table named after a file, "
                f'as in ["{printable(name)}.txt"]'
            )
        try:
            sources[name] = Metadata.model_validate(table)
        except ValidationError as error:
            raise SourcesFileError(f'{path}: ["{printable(name)}"] {_first(error)}') from error
    return sources


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    key = ".".join(map(str, problem["loc"]))
    if problem["type"] == "extra_forbidden":
        close = ", ".join(Metadata.model_fields)
        return f"has the unknown key {key!r}; known are {close}"
    return f"{key}: {re.sub(r'^String should', 'should', problem['msg'])}"
