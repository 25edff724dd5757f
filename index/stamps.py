"""Which files are as they were when last read: told by the file system, without reading them.

A file is taken as unchanged when its size, inode and both of its times are those recorded, and it
had been left alone for a while when they were: a change right after the reading could otherwise
carry the same time. Source: "Racy Git", git's technical documentation.
"""

from __future__ import annotations

import os
import secrets
import time
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter, ValidationError

from index.cache import cache_folder

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

__all__ = ["Stamp", "Stamps"]

DOCUMENTS = "stamps.json"
"""The file, in the cache's folder, that stamps of the documents are kept in."""
_SETTLED_NS = 2_000_000_000  # the coarsest clock of a usual file system, FAT's


class Stamp(NamedTuple):
    """What the file system says of a file, and the SHA-256 that its bytes had then."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int
    sha256: str


_STAMPS = TypeAdapter(dict[str, Stamp])


class Stamps:
    """The SHA-256 of files that were read before, for as long as they are left alone."""

    def __init__(self, known: dict[str, Stamp] | None = None) -> None:
        self._known = known or {}
        self._fresh: dict[str, Stamp] = {}

    @classmethod
    def load(cls, state_dir: Path, file: str = DOCUMENTS) -> Self:
        """Read what `save` wrote; none where it is missing or damaged."""
        try:
            return cls(_STAMPS.validate_json((cache_folder(state_dir) / file).read_bytes()))
        except (OSError, ValidationError):
            return cls()

    def save(self, state_dir: Path, file: str = DOCUMENTS) -> None:
        """Replace what is kept by what was confirmed or recorded since `load`.

        Raises:
            OSError: it can't be written.
        """
        path = cache_folder(state_dir) / file
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}.new")  # others may be saving theirs
        try:
            fresh.write_bytes(_STAMPS.dump_json(self._fresh))
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    def unconfirmed(self) -> list[str]:
        """Return the names that were neither confirmed nor recorded since `load`."""
        return [name for name in self._known if name not in self._fresh]

    def sha256(self, name: str, path: Path) -> str | None:
        """Return the SHA-256 of a file's bytes, if it is sure without reading them."""
        stamp = self._known.get(name)
        if stamp is None or _stamp(path, stamp.sha256) != stamp:
            return None
        self._fresh[name] = stamp
        return stamp.sha256

    @staticmethod
    def before_reading(path: Path) -> Stamp | None:
        """Take a file's stamp; hand it to `record` when the file has been read."""
        stamp = _stamp(path, "")
        is_settled = (
            stamp is not None
            and max(stamp.changed_ns, stamp.modified_ns) + _SETTLED_NS < time.time_ns()
        )
        return stamp if is_settled else None

    def record(self, name: str, stamp: Stamp | None, sha256: str) -> None:
        """Remember what a file's bytes were under a stamp, if it can be relied on."""
        if stamp is not None:
            self._fresh[name] = stamp._replace(sha256=sha256)


def _stamp(path: Path, sha256: str) -> Stamp | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - ten thousand times in a row
    except OSError:
        return None
    return Stamp(
        found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, sha256
    )
