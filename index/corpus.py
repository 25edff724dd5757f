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
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.seeds import SeedFile
    from index.sources import Metadata

__all__ = ["Reading", "Survey", "read_files", "survey"]


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
class Survey:
    """What is in the folder, before anything is read: its files by name, and what is said of them.

    `folder` is the folder's name, which begins the path that is cited. `problems` are the files
    that may not be read; `fingerprints` holds the SHA-256 of `sources.toml`, where there is one.
    """

    folder: str
    files: Sequence[SeedFile]
    sources: Mapping[str, Metadata]
    fingerprints: Mapping[str, str]
    problems: Sequence[UnreadableFileError]


def survey(seeds_dir: Path) -> Survey:
    """Look at the folder.

    Raises:
        CorpusError: the folder can't be used, or its `sources.toml` is not valid.
    """
    files, problems = seed_files(seeds_dir)
    sources = load_sources(seeds_dir)
    names = {file.name for file in files}
    problems += [
        UnreadableFileError(SOURCES_FILE, f"names '{printable(name)}', which is not in the folder")
        for name in sources
        if name not in names
    ]
    return Survey(
        folder=seeds_dir.name,
        files=files,
        sources=sources,
        fingerprints=sources_fingerprint(seeds_dir),
        problems=problems,
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
