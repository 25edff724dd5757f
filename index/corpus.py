"""The folder of documents: which files are in it, and which of them can be read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from index.documents import ParsedDocument, parse_document
from index.errors import CorpusError, UnreadableFileError, printable
from index.readers import ReadingError, reader_for, suffixes
from index.sources import SOURCES_FILE, Metadata, load_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Corpus", "SeedFile", "read_corpus", "seed_files"]

MAX_FILE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """A regular file below the folder; `name` is its path there, with forward slashes."""

    name: str
    path: Path

    def contents(self) -> bytes:
        """Read the file.

        Raises:
            UnreadableFileError: it can't be opened, or is larger than `MAX_FILE_BYTES`.
        """
        try:
            with self.path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UnreadableFileError(
                self.name, f"can't be read ({error.strerror or error})"
            ) from error
        if len(data) > MAX_FILE_BYTES:
            raise UnreadableFileError(self.name, f"is larger than {MAX_FILE_BYTES >> 20} MB")
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything that was read from the folder.

    `fingerprints` maps each file that counts (by name, `sources.toml` included) to the SHA-256 of
    its bytes: the same fingerprints make the same corpus. `problems` are the files left out.
    """

    documents: tuple[ParsedDocument, ...]
    fingerprints: dict[str, str]
    problems: tuple[UnreadableFileError, ...]


def seed_files(seeds_dir: Path) -> tuple[list[SeedFile], list[UnreadableFileError]]:
    """List the files below the folder, sorted by name, and those that may not be read.

    Hidden files and `sources.toml` are passed over. A link that leads out of the folder is a
    problem, never followed; so is a file of an unknown format.

    Raises:
        CorpusError: the folder does not exist or can't be listed.
    """
    if not seeds_dir.is_dir():
        raise CorpusError(f"{seeds_dir} is not a folder: put documents there, or name another")
    root = seeds_dir.resolve()
    files: list[SeedFile] = []
    problems: list[UnreadableFileError] = []
    for name, path in _walk(seeds_dir, problems):
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            problems.append(UnreadableFileError(name, "is a link that leaves the folder"))
        elif path.is_symlink() and path.is_dir():
            problems.append(UnreadableFileError(name, "is a link to a folder, not followed"))
        elif not path.is_file():
            problems.append(UnreadableFileError(name, "is not a regular file"))
        elif reader_for(path.suffix) is None:
            known = " ".join(suffixes())
            problems.append(UnreadableFileError(name, f"is of no format read here ({known})"))
        else:
            files.append(SeedFile(name=name, path=path))
    return files, problems


def _walk(seeds_dir: Path, problems: list[UnreadableFileError]) -> Iterator[tuple[str, Path]]:
    def refused(error: OSError) -> None:
        name = Path(error.filename).relative_to(seeds_dir).as_posix()
        if name == ".":
            raise CorpusError(f"{seeds_dir} can't be listed ({error.strerror})") from error
        problems.append(UnreadableFileError(name, f"can't be listed ({error.strerror})"))

    found = []
    for folder, folders, names in os.walk(seeds_dir, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in [*names, *links]:
            path = Path(folder) / name
            relative = path.relative_to(seeds_dir).as_posix()
            if not name.startswith(".") and relative != SOURCES_FILE:
                found.append((relative, path))
    return iter(sorted(found))


def read_corpus(seeds_dir: Path) -> Corpus:
    """Read every document below the folder; a file that can't be read is a problem, no more.

    Raises:
        CorpusError: the folder can't be used, or its `sources.toml` is not valid.
    """
    files, problems = seed_files(seeds_dir)
    sources = load_sources(seeds_dir)
    documents: list[ParsedDocument] = []
    fingerprints: dict[str, str] = {}
    for file in files:
        try:
            data = file.contents()
            fingerprints[file.name] = hashlib.sha256(data).hexdigest()
            documents.append(_parsed(file.name, data, seeds_dir, sources))
        except UnreadableFileError as problem:
            problems.append(problem)
    names = {file.name for file in files}
    problems += [
        UnreadableFileError(SOURCES_FILE, f"names {printable(name)!r}, which is not in the folder")
        for name in sources
        if name not in names
    ]
    return Corpus(
        documents=tuple(documents),
        fingerprints=fingerprints | _sources_fingerprint(seeds_dir),
        problems=tuple(problems),
    )


def fingerprints_of(seeds_dir: Path) -> dict[str, str]:
    """Return what `read_corpus` would as `fingerprints`, without parsing anything."""
    fingerprints = {}
    for file in seed_files(seeds_dir)[0]:
        try:
            fingerprints[file.name] = hashlib.sha256(file.contents()).hexdigest()
        except UnreadableFileError:
            continue  # the build names it; here it is a file that doesn't count
    return fingerprints | _sources_fingerprint(seeds_dir)


def _sources_fingerprint(seeds_dir: Path) -> dict[str, str]:
    path = seeds_dir / SOURCES_FILE
    if not path.is_file():
        return {}
    return {SOURCES_FILE: hashlib.sha256(path.read_bytes()).hexdigest()}


def _parsed(
    name: str, data: bytes, seeds_dir: Path, sources: dict[str, Metadata]
) -> ParsedDocument:
    reader = reader_for(PurePosixPath(name).suffix)
    if reader is None:  # `seed_files` lists none such
        raise UnreadableFileError(name, "is of no format read here")
    if not data.strip():
        raise UnreadableFileError(name, "is empty")
    try:
        extract = reader.read(data)
    except ReadingError as error:
        raise UnreadableFileError(name, str(error)) from error
    stated = sources.get(name, Metadata())
    parsed = parse_document(extract, name=name, folder=seeds_dir.name, stated=stated)
    if not parsed.paragraphs:
        raise UnreadableFileError(name, "holds no paragraph of text")
    return parsed
