"""Which documents a build has to make, and which it may take as they were made before.

A document is as it was when all that its reading followed from is the same (`index.remembered`),
and its language, too: that of a short text is what most of the others are in. Documents of small
segments are made again with the new ones, so that there are never many segments: as in a
log-structured merge tree, what is made takes in every segment that is not much larger than it.
All that was worked out for them is in the cache. Source: O'Neil et al., 1996.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index import corpus
from index.cache import cache_key
from index.language import detect_language, primary, settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.assembly import Assembly
    from index.cache import BuildCache
    from index.corpus import Reading, Survey
    from index.documents import ParsedDocument
    from index.errors import UnreadableFileError
    from index.remembered import Remembered
    from index.seeds import SeedFile
    from index.types import Progress

__all__ = ["Intake", "ToMake", "detected_language"]

_AT_ONCE = 256  # files
_TAKEN_IN = 2  # segments of up to so many times the documents that are made anyway


@dataclass(slots=True, kw_only=True)
class _Known:
    """What is known of the document of a file, and where it stands, if it was made before."""

    detected: str
    stated: str | None
    language: str = ""
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMake:
    """A document to be made, its language settled; see `index.segment_writer.Batch`."""

    parsed: ParsedDocument
    origin: bytes
    detected: str


class Intake:
    """Tells what is to be made, and gives it, in the order of the files' names.

    `problems` are the files left out; `furniture` holds, by document path, the lines set aside in
    what was read.
    """

    def __init__(
        self,
        found: Survey,
        remembered: Remembered,
        cache: BuildCache,
        live: Assembly | None,
        progress: Progress | None = None,
    ) -> None:
        """Look at every file, and read those that are new or changed."""
        self._survey = found
        self._remembered = remembered
        self._cache = cache
        self.problems: list[UnreadableFileError] = list(found.problems)
        self.furniture: dict[str, tuple[str, ...]] = {}
        self._sha256 = remembered.fingerprints()
        self._documents: dict[str, _Known] = {}
        self._recognise(live)
        new = [file for file in found.files if file.name not in self._documents]
        for reading in self._read(new, progress):
            self._learn(reading)
        self._settle()
        self._take_in(live)

    @property
    def fingerprints(self) -> dict[str, str]:
        """The SHA-256 of each file that counts, by name."""
        return self._sha256 | dict(self._survey.fingerprints)

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._documents)

    @property
    def count_to_make(self) -> int:
        """How many of them are to be made."""
        return sum(known.at is None for known in self._documents.values())

    def placed(self) -> list[tuple[int, int] | None]:
        """Return for each document where in the live assembly it stands; None if it is made."""
        names = [file.name for file in self._survey.files if file.name in self._documents]
        return [self._documents[name].at for name in names]

    def to_make(self) -> Iterator[ToMake]:
        """Give each document to be made."""
        files = [
            file
            for file in self._survey.files
            if (known := self._documents.get(file.name)) is not None and known.at is None
        ]
        for start in range(0, len(files), _AT_ONCE):
            some = files[start : start + _AT_ONCE]
            readings = {reading.name: reading for reading in self._read(some, None)}
            for file in some:
                reading = readings[file.name]
                if reading.document is None or reading.fingerprint is None:
                    del self._documents[file.name]  # it went, or changed, in the meantime
                    continue
                known = self._documents[file.name]
                document = replace(reading.document.document, language=known.language)
                yield ToMake(
                    parsed=replace(reading.document, document=document),
                    origin=self._remembered.key(file.name, reading.fingerprint),
                    detected=detected_language(reading.document, self._cache),
                )

    def _recognise(self, live: Assembly | None) -> None:
        """Find the documents that are as they were."""
        if live is None:
            return
        places: dict[bytes, tuple[int, int]] = {}
        languages = []
        for number, (segment, alive) in enumerate(zip(live.segments, live.alive, strict=True)):
            keys = segment.origin.tobytes()
            size = segment.origin.shape[1]
            for row in np.flatnonzero(alive).tolist():
                places[keys[size * row : size * (row + 1)]] = number, row
            languages.append(
                (segment.detected.tolist(), segment.languages.tolist(), segment.stated.tolist())
            )
        for file in self._survey.files:
            sha256 = self._sha256.get(file.name)
            at = places.get(self._remembered.key(file.name, sha256)) if sha256 else None
            if at is not None:
                number, row = at
                detected, language, is_stated = (each[row] for each in languages[number])
                self._documents[file.name] = _Known(
                    detected=detected,
                    stated=language if is_stated else None,
                    language=language,
                    at=at,
                )

    def _read(self, files: Sequence[SeedFile], progress: Progress | None) -> Iterator[Reading]:
        """Give the readings of files: first what is remembered, then what has to be read now."""
        unknown: list[SeedFile] = []
        for start in range(0, len(files), _AT_ONCE):
            some = files[start : start + _AT_ONCE]
            known = self._remembered.readings(some, self._sha256)
            unknown += [file for file in some if file.name not in known]
            yield from known.values()
        now = corpus.read_files(unknown, folder=self._survey.folder, sources=self._survey.sources)
        for number, reading in enumerate(now, 1):
            if progress is not None:
                progress(number, len(unknown))
            if reading.fingerprint is not None:
                self._sha256[reading.name] = reading.fingerprint
            if reading.problem is not None:
                self.problems.append(reading.problem)
            self._remembered.keep(reading)
            yield reading

    def _learn(self, reading: Reading) -> None:
        if reading.document is None:
            return
        document = reading.document.document
        self.furniture[document.source.path] = reading.document.furniture
        self._documents[reading.name] = _Known(
            detected=detected_language(reading.document, self._cache),
            stated=document.source.language,
        )

    def _settle(self) -> None:
        """Settle each document's language: as stated, or else as detected."""
        every = list(self._documents.values())
        for known, found in zip(every, settle([each.detected for each in every]), strict=True):
            language = primary(known.stated) if known.stated else found
            if known.language != language:
                known.at = None
            known.language = language

    def _take_in(self, live: Assembly | None) -> None:
        """Make the documents again of segments that are small, or of which most is gone."""
        if live is None:
            return
        kept: list[list[_Known]] = [[] for _ in live.segments]
        for known in self._documents.values():
            if known.at is not None:
                kept[known.at[0]].append(known)
        made = len(self._documents) - sum(map(len, kept))
        made += len(live.documents) - sum(map(len, kept))  # what is gone is work as well
        for number in sorted(range(len(kept)), key=lambda number: len(kept[number])):
            size = len(kept[number])
            gone = len(live.segments[number].documents) - size
            if size <= _TAKEN_IN * max(made, gone):
                for known in kept[number]:
                    known.at = None
                made += size


def detected_language(parsed: ParsedDocument, cache: BuildCache | None) -> str:
    """Return the language that was found in a document's text."""
    key = cache_key("language", parsed.document.content_hash)
    known = cache.get([key]) if cache is not None else {}
    if key in known:
        return known[key].decode()
    found = detect_language(parsed.document.text)
    if cache is not None:
        cache.put({key: found.encode()})
    return found
