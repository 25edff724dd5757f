"""Which files of the index were found whole, so that a start need not read all of them again.

    <state>/cache/verified.json   a file's stamp (`index.stamps`), and the checksum it had then

Any change of a file changes its stamp, and then its bytes are read. What changes by itself on a
failing disk does not: `verbatim status --verify` reads everything. Whoever can write this file can
write the index and its manifest, too. Several processes may: each puts a whole file in its place,
and what one of them loses is read once more.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from index.durable import sha256_of
from index.stamps import Stamps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Verified"]

_FILE = "verified.json"


class Verified:
    """The checksums of the files below a folder of a state folder."""

    def __init__(self, folder: Path, stamps: Stamps) -> None:
        self._folder = folder
        self._stamps = stamps
        self._has_more = False

    @classmethod
    @contextmanager
    def at(cls, state_dir: Path, folder: Path) -> Iterator[Self]:
        """Begin with what is known of a folder's files, and keep what the block adds to it.

        Nothing is known where the file is missing or damaged, and what can't be kept isn't.
        """
        verified = cls(folder, Stamps.load(state_dir, _FILE))
        try:
            yield verified
        finally:
            with suppress(OSError):
                verified._save(state_dir)

    def sha256(self, path: Path, *, anew: bool = False) -> str:
        """Return the SHA-256 of a file's bytes, read only if they may be others by now, or `anew`.

        Raises:
            OSError: it can't be read.
        """
        name = path.relative_to(self._folder).as_posix()
        known = None if anew else self._stamps.sha256(name, path)
        if known is not None:
            return known
        stamp = self._stamps.before_reading(path)
        found = sha256_of(path)
        if stamp is not None:
            self._stamps.record(name, stamp, found)
            self._has_more = True
        return found

    def _save(self, state_dir: Path) -> None:
        if self._has_more:
            for name in self._stamps.unconfirmed():
                self._stamps.sha256(name, self._folder / name)  # which keeps what is as it was
            self._stamps.save(state_dir, _FILE)
