"""Which files were found whole, so that a start need not read all of them again.

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
    """The checksums of files, most of them in a state folder."""

    def __init__(self, state_dir: Path, stamps: Stamps) -> None:
        self._state_dir = state_dir
        self._stamps = stamps
        self._has_more = False

    @classmethod
    @contextmanager
    def at(cls, state_dir: Path) -> Iterator[Self]:
        """Begin with what a state folder knows, and keep there what the block adds to it.

        Nothing is known where the file is missing or damaged, and what can't be kept isn't.
        """
        verified = cls(state_dir, Stamps.load(state_dir, _FILE))
        try:
            yield verified
        finally:
            if state_dir.is_dir():  # nobody who only looks makes one
                with suppress(OSError, ValueError):  # no file can have the name that was read
                    verified._save()

    def sha256(self, path: Path, *, anew: bool = False) -> str:
        """Return the SHA-256 of a file's bytes, read only if they may be others by now, or `anew`.

        Raises:
            OSError: it can't be read.
        """
        is_here = path.is_relative_to(self._state_dir)
        name = (path.relative_to(self._state_dir) if is_here else path.absolute()).as_posix()
        known = None if anew else self._stamps.sha256(name, path)
        if known is not None:
            return known
        stamp = self._stamps.before_reading(path)
        found = sha256_of(path)
        if stamp is not None:
            self._stamps.record(name, stamp, found)
            self._has_more = True
        return found

    def _save(self) -> None:
        if self._has_more:
            for name in self._stamps.unconfirmed():
                self._stamps.sha256(name, self._state_dir / name)  # which keeps what is as it was
            self._stamps.save(self._state_dir, _FILE)
