"""Reading without worker processes, for tests that build often."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

from index import corpus
from index.corpus import Reading, survey
from index.errors import UnreadableFileError
from index.reading.frames import Refusal, Task
from index.reading.worker import outcome_of
from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.seeds import SeedFile

__all__ = ["read_corpus", "reading_here"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything that was read from a folder, and the SHA-256 of each file that counts."""

    documents: tuple[ParsedDocument, ...]
    fingerprints: dict[str, str]
    problems: tuple[UnreadableFileError, ...]


def read_corpus(seeds_dir: Path) -> Corpus:
    """Read every document below a folder, as a build does that remembers nothing."""
    found = survey(seeds_dir)
    readings = list(corpus.read_files(found.files, folder=found.folder, sources=found.sources))
    known = {each.name: each.fingerprint for each in readings if each.fingerprint is not None}
    unread = [each.problem for each in readings if each.problem is not None]
    return Corpus(
        documents=tuple(each.document for each in readings if each.document is not None),
        fingerprints=known | dict(found.fingerprints),
        problems=(*found.problems, *unread),
    )


@contextmanager
def reading_here() -> Iterator[list[str]]:
    """Read files in this process, by the same readers; give the names of those that are read."""
    names: list[str] = []

    def read_files(
        files: Iterable[SeedFile], *, folder: str, sources: Mapping[str, Metadata]
    ) -> Iterator[Reading]:
        for file in files:
            names.append(file.name)
            stated = sources.get(file.name, Metadata())
            try:
                data = file.contents()
            except UnreadableFileError as problem:
                yield Reading(name=file.name, fingerprint=None, problem=problem)
                continue
            task = Task(name=file.name, folder=folder, stated=stated, cpu_s=60)
            outcome = outcome_of(task, data)
            fingerprint = hashlib.sha256(data).hexdigest()
            if isinstance(outcome, Refusal):
                refused = UnreadableFileError(file.name, outcome.reason)
                yield Reading(name=file.name, fingerprint=fingerprint, problem=refused)
            else:
                yield Reading(name=file.name, fingerprint=fingerprint, document=outcome)

    with patch.object(corpus, "read_files", read_files):
        yield names
