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
    from index.seeds import SeedFile
    from index.sources import Metadata
    from index.stamps import Stamps

__all__ = ["Remembered"]

_PARSED = TypeAdapter(ParsedDocument)


class Remembered:
    """Readings by the SHA-256 of a file's bytes, its name, and what is stated of it.

    A file that made no document is not remembered: what was wrong may have been mended.
    """

    def __init__(self, cache: BuildCache, stamps: Stamps) -> None:
        self._cache = cache
        self._stamps = stamps

    def readings(
        self, files: Sequence[SeedFile], *, folder: str, sources: Mapping[str, Metadata]
    ) -> dict[str, Reading]:
        """Return, by name, the readings of those files that were read before."""
        hashes = {file.name: sha for file in files if (sha := self._sha256(file)) is not None}
        keys = {
            name: _key(name, sha, folder=folder, stated=sources.get(name))
            for name, sha in hashes.items()
        }
        found = self._cache.get(list(keys.values()))
        readings = {}
        for name, key in keys.items():
            if key in found:
                try:
                    document = _PARSED.validate_json(found[key])
                except ValidationError:
                    continue
                readings[name] = Reading(name=name, fingerprint=hashes[name], document=document)
        return readings

    def keep(self, reading: Reading, *, folder: str, stated: Metadata | None) -> None:
        """Remember what came of a file."""
        if reading.document is not None and reading.fingerprint is not None:
            key = _key(reading.name, reading.fingerprint, folder=folder, stated=stated)
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


def _key(name: str, sha256: str, *, folder: str, stated: Metadata | None) -> bytes:
    said = stated.model_dump_json() if stated is not None else ""
    return cache_key("reading", str(EXTRACTION_VERSION), sha256, folder, name, said)
