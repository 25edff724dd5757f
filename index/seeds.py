"""Which files are in the folder of documents, and which bytes they hold."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import CorpusError, SourcesFileError, UnreadableFileError
from index.readers import is_known, suffixes
from index.sources import SOURCES_FILE
from index.text import is_valid_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.stamps import Stamps

__all__ = ["MAX_FILE_BYTES", "SeedFile", "fingerprints_of", "seed_files", "sources_fingerprint"]

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
    for name, entry in sorted(_walk(seeds_dir, "", problems), key=itemgetter(0)):
        path = Path(entry.path)
        is_link = entry.is_symlink()
        if not is_valid_text(name):
            problems.append(UnreadableFileError(name, "has a name that is not UTF-8 text"))
        elif is_link and not _stays_within(path, root):
            problems.append(UnreadableFileError(name, "is a link that leaves the folder"))
        elif is_link and path.is_dir():
            problems.append(UnreadableFileError(name, "is a link to a folder, not followed"))
        elif not entry.is_file():
            problems.append(UnreadableFileError(name, "is not a regular file"))
        elif not is_known(path.suffix):
            known = " ".join(suffixes())
            problems.append(UnreadableFileError(name, f"is of no format read here ({known})"))
        else:
            files.append(SeedFile(name=name, path=path))
    return files, problems


def _stays_within(link: Path, root: Path) -> bool:
    try:
        return link.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a link that leads to itself leads nowhere
        return False


def _walk(
    folder: Path | str, prefix: str, problems: list[UnreadableFileError]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Give what is below a folder and no folder itself, by name; the system tells of what kind."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        if not prefix:
            raise CorpusError(f"{folder} can't be listed ({error.strerror})") from error
        problem = f"can't be listed ({error.strerror})"
        problems.append(UnreadableFileError(prefix.rstrip("/"), problem))
        return
    for entry in found:
        name = f"{prefix}{entry.name}"
        if entry.name.startswith(".") or name == SOURCES_FILE:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{name}/", problems)
        else:
            yield name, entry


def fingerprints_of(seeds_dir: Path, stamps: Stamps | None = None) -> dict[str, str]:
    """Return the SHA-256 of each file that counts, by name, without parsing anything."""
    fingerprints = {}
    for file in seed_files(seeds_dir)[0]:
        known = stamps.sha256(file.name, file.path) if stamps is not None else None
        try:
            fingerprints[file.name] = known or hashlib.sha256(file.contents()).hexdigest()
        except UnreadableFileError:
            continue  # the build names it; here it is a file that doesn't count
    return fingerprints | sources_fingerprint(seeds_dir)


def sources_fingerprint(seeds_dir: Path) -> dict[str, str]:
    """Return the SHA-256 of `sources.toml`'s bytes by its name; nothing where there is none.

    Raises:
        SourcesFileError: it can't be read.
    """
    path = seeds_dir / SOURCES_FILE
    if not path.is_file():
        return {}
    try:
        return {SOURCES_FILE: hashlib.sha256(path.read_bytes()).hexdigest()}
    except OSError as error:
        raise SourcesFileError(f"{path}: {error.strerror or error}") from error
