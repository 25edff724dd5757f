"""What can be read of the folder of documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import UnreadableFileError, printable
from index.reading import ReaderPool
from index.seeds import seed_files, sources_fingerprint
from index.sources import SOURCES_FILE, load_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.remembered import Remembered
    from index.seeds import SeedFile
    from index.sources import Metadata
    from index.types import Progress

__all__ = ["Corpus", "Reading", "read_corpus", "read_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of one file: a document, or the problem that it is.

    `fingerprint` is the SHA-256 of its bytes, None where not even those could be had.
    """

    name: str
    fingerprint: str | None
    document: ParsedDocument | None = None
    problem: UnreadableFileError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything that was read from the folder.

    `fingerprints` maps each file that counts (by name, `sources.toml` included) to the SHA-256 of
    its bytes: the same fingerprints make the same corpus. `problems` are the files left out.
    """

    documents: tuple[ParsedDocument, ...]
    fingerprints: dict[str, str]
    problems: tuple[UnreadableFileError, ...]


def read_corpus(
    seeds_dir: Path,
    remembered: Remembered | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Read every document below the folder; a file that can't be read is a problem, no more.

    What is `remembered` is not read again; `progress` is told of the files that are.

    Raises:
        CorpusError: the folder can't be used, or its `sources.toml` is not valid.
    """
    files, problems = seed_files(seeds_dir)
    sources = load_sources(seeds_dir)
    folder = seeds_dir.name
    known = remembered.readings(files, folder=folder, sources=sources) if remembered else {}
    unknown = [file for file in files if file.name not in known]
    readings_now = read_files(unknown, folder=folder, sources=sources)
    for number, reading in enumerate(readings_now, 1):
        if progress is not None:
            progress(number, len(unknown))
        known[reading.name] = reading
        if remembered is not None:
            remembered.keep(reading, folder=folder, stated=sources.get(reading.name))
    readings = [known[file.name] for file in files]
    problems += [reading.problem for reading in readings if reading.problem is not None]
    names = {file.name for file in files}
    problems += [
        UnreadableFileError(SOURCES_FILE, f"names '{printable(name)}', which is not in the folder")
        for name in sources
        if name not in names
    ]
    fingerprints = {
        reading.name: reading.fingerprint
        for reading in readings
        if reading.fingerprint is not None
    }
    return Corpus(
        documents=tuple(reading.document for reading in readings if reading.document is not None),
        fingerprints=fingerprints | sources_fingerprint(seeds_dir),
        problems=tuple(problems),
    )


def read_files(
    files: Iterable[SeedFile], *, folder: str, sources: Mapping[str, Metadata]
) -> Iterator[Reading]:
    """Read each file, several at once, in worker processes with limits; give them in order.

    `folder` is the folder's name, which begins the path that is cited; `sources` is what
    `sources.toml` says. Nothing is started before the first file is asked for.
    """
    with ReaderPool() as pool:

        def read(file: SeedFile) -> Reading:
            fingerprint = None
            try:
                data = file.contents()
                fingerprint = hashlib.sha256(data).hexdigest()
                document = pool.read(file.name, data, folder=folder, stated=sources.get(file.name))
            except UnreadableFileError as problem:
                return Reading(name=file.name, fingerprint=fingerprint, problem=problem)
            return Reading(name=file.name, fingerprint=fingerprint, document=document)

        yield from pool.in_order(read, files)
