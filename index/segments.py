"""The segments of a state folder: each written whole, and never changed.

    <state>/index/segments/<name>/manifest.json   counts, and the checksum of every file
    <state>/index/segments/<name>/...             what `index.segment` reads

A segment without a manifest is what a killed build left behind, and so is one that is a part of
no generation.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

from index.assembly import SEGMENTS
from index.durable import filled
from index.manifest import (
    FORMAT_VERSION,
    SegmentManifest,
    check_files,
    new_name,
    read_segment,
    seal,
)
from index.segment import Segment
from index.verified import Verified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.assembly import Assembly
    from index.searches import Measured
    from index.segment_writer import Written

__all__ = ["Segments"]


class Segments:
    """The segments in one state folder."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._folder = state_dir / "index" / SEGMENTS

    def folder_of(self, name: str) -> Path:
        """Return where a segment is."""
        return self._folder / name

    def load(self, name: str) -> Segment:
        """Map a segment.

        Raises:
            GenerationDamagedError: a file is missing, or the files don't fit together.
        """
        return Segment.load(self._folder / name)

    def write(self, write: Callable[[Path], Written]) -> tuple[str, str]:
        """Have one written into a new folder; return its name and its manifest's SHA-256.

        Raises:
            OSError: the folder can't be written; nothing of it is left.
        """
        name = new_name(dt.datetime.now(dt.UTC))
        with filled(self._folder / name):
            written = write(self._folder / name)
            manifest = SegmentManifest(format=FORMAT_VERSION, segment=name, **written, files={})
            with Verified.at(self._state_dir) as verified:
                return name, seal(self._folder / name, manifest, verified)

    def check(
        self, segments: Mapping[str, str], verified: Verified, *, anew: bool = False
    ) -> None:
        """Compare the manifests of segments with these checksums, and their files with theirs.

        Raises:
            GenerationError: a file is missing, a manifest of another format, or bytes are others.
        """
        for name, sha256 in segments.items():
            folder = self._folder / name
            check_files(folder, read_segment(folder, sha256), verified, anew=anew)

    def searches(self, assembly: Assembly) -> dict[str, Measured]:
        """Return how the vectors of the largest segment are searched."""
        largest = max(assembly.segments, key=lambda segment: len(segment.passages))
        return read_segment(self._folder / largest.name).searches

    def cache_keys(self) -> dict[str, NDArray[np.uint64]]:
        """Return for each segment what of the cache it was made of."""
        found = {}
        for folder in self._folder.iterdir():
            with suppress(OSError, ValueError):
                found[folder.name] = Segment.cache_keys(folder)
        return found
