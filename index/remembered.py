"""Files that need not be read again: what earlier builds made of the same bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from index.cache import cache_key
from index.corpus import Reading
from index.documents import EXTRACTION_VERSION, ParsedDocument
from index.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.cache import BuildCache
    from index.corpus import Survey
    from index.seeds import SeedFile
    from index.stamps import Stamps

__all__ = ["Remembered", "reading_key"]

_PARSED = TypeAdapter(ParsedDocument)


class Remembered:
    """Readings by the SHA-256 of a file's bytes, its name, and what is stated of it.

    A file that made no document is not remembered: what was wrong may have been mended.
    """

    def __init__(self, cache: BuildCache, stamps: Stamps, found: Survey) -> None:
        self._cache = cache
        self._stamps = stamps
        self._survey = found

    def fingerprints(self) -> dict[str, str]:
        """Return the SHA-256 of every file's bytes, by name, without those that can't be had."""
        hashed = ((file.name, self._sha256(file)) for file in self._survey.files)
        return {name: sha256 for name, sha256 in hashed if sha256 is not None}

    def key(self, name: str, sha256: str) -> bytes:
        """Return the key of all that the reading of these bytes follows from."""
        stated = self._survey.sources.get(name)
        said = stated.model_dump_json() if stated is not None else ""
        return reading_key(name, sha256, folder=self._survey.folder, said=said)

    def readings(
        self, files: Sequence[SeedFile], fingerprints: Mapping[str, str]
    ) -> dict[str, Reading]:
        """Return, by name, the readings of those files that were read before."""
        keys = {
            file.name: self.key(file.name, fingerprints[file.name])
            for file in files
            if file.name in fingerprints
        }
        found = self._cache.get(list(keys.values()))
        readings = {}
        for name, key in keys.items():
            if key in found:
                try:
                    document = _PARSED.validate_json(found[key])
                except ValidationError:
                    continue
                sha256 = fingerprints[name]
                readings[name] = Reading(name=name, fingerprint=sha256, document=document)
        return readings

    def keep(self, reading: Reading) -> None:
        """Remember what came of a file."""
        if reading.document is not None and reading.fingerprint is not None:
            key = self.key(reading.name, reading.fingerprint)
            self._cache.put({key: _PARSED.dump_json(reading.document)})

    def _sha256(self, file: SeedFile) -> str | None:
        known = self._stamps.sha256(file.name, file.path)
        if known is not None:
            return known
        stamp = self._stamps.before_reading(file.path)
        try:
            sha256 = hashlib.sha256(file.contents()).hexdigest()
        except UnreadableFileError:
            return None  # it is asked for again, and then named
        self._stamps.record(file.name, stamp, sha256)
        return sha256


def reading_key(name: str, sha256: str, *, folder: str, said: str = "") -> bytes:
    """Return the key of what a file of these bytes is read as; `said` is what is stated of it."""
    return cache_key("reading", str(EXTRACTION_VERSION), sha256, folder, name, said)
