"""The generations in a state folder: written whole, checked whole, made live in one step.

    <state>/index/CURRENT                    the live generation's name
    <state>/index/history.json               which were live before (`index.history`)
    <state>/index/build.lock                 held by whoever writes here (`index.locking`)
    <state>/index/<name>/manifest.json       format, encoder, counts, checksums, origin
    <state>/index/<name>/...                 what `index.generation` writes

A generation is never changed once it has its manifest, and one without a manifest is what a
killed build left behind.
"""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Unpack

from index.dropping import NAME, drop, sweep
from index.durable import replace_durably
from index.errors import (
    GenerationDamagedError,
    GenerationError,
    NoEarlierGenerationError,
    NoGenerationError,
    StateFolderError,
)
from index.generation import Generation
from index.history import History
from index.locking import build_lock
from index.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    Manifest,
    check_files,
    read_manifest,
    write_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.manifest import Origin

__all__ = ["FORMAT_VERSION", "KEEP", "Generations", "Manifest"]

KEEP = 3
"""How many generations are kept, the live one included, where nothing else is said."""

_CURRENT = "CURRENT"


class Generations:
    """The generations in one state folder, of which `keep` are kept."""

    def __init__(self, state_dir: Path, *, keep: int = KEEP) -> None:
        self._state_dir = state_dir
        self._folder = state_dir / "index"
        self._keep = keep

    @property
    def pointer(self) -> Path:
        """The file that names the live generation; it is replaced whenever that changes."""
        return self._folder / _CURRENT

    def folder_of(self, name: str) -> Path:
        """Return where a generation is."""
        return self._folder / name

    def history(self) -> History:
        """Return which generations were live before."""
        return History.load(self._folder)

    def current(self) -> str | None:
        """Return the name of the live generation, or None where nothing was built yet."""
        try:
            name = self.pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise GenerationDamagedError(self.pointer, str(error)) from error
        if not NAME.match(name):
            raise GenerationDamagedError(self.pointer, "names no generation")
        return name

    def names(self) -> list[str]:
        """Return every complete generation, the newest first."""
        if not self._folder.is_dir():
            return []
        found = []
        for path in self._folder.glob(f"*/{MANIFEST}"):
            if NAME.match(path.parent.name):
                with suppress(FileNotFoundError):  # another process drops it at this moment
                    # A name begins with its second; the clock of the file knows the order within.
                    found.append(
                        (path.parent.name[:16], path.stat().st_mtime_ns, path.parent.name)
                    )
        return [name for *_, name in sorted(found, reverse=True)]

    def manifest(self, name: str | None = None) -> Manifest:
        """Read the manifest of a generation, by default the live one's.

        Raises:
            NoGenerationError: nothing was built yet.
            GenerationError: it is damaged, or of another format.
        """
        name = name or self.current()
        if name is None:
            raise NoGenerationError(self._state_dir)
        return read_manifest(self._folder / name)

    def load(self) -> tuple[Generation, Manifest]:
        """Load the live generation, every file checked against its checksum.

        Raises:
            NoGenerationError: nothing was built yet.
            GenerationError: it is damaged, or of another format.
        """
        while True:
            name = self.current()
            try:
                manifest = self.manifest(name)
                folder = self._folder / manifest.generation
                check_files(folder, manifest)
                return Generation.load(folder, name=manifest.generation), manifest
            except GenerationDamagedError:
                if self.current() == name:
                    raise
                # Another took its place and it was dropped while we read: load that one.

    def promote(self, write: Callable[[Path], None], **origin: Unpack[Origin]) -> str:
        """Have a generation written into a new folder, make it live, and return its name.

        Raises:
            StateFolderError: the folder can't be written; what was live stays so.
        """
        with build_lock(self._state_dir):
            name = self.write(write, **origin)
            self.make_live(name)
        return name

    def write(self, write: Callable[[Path], None], **origin: Unpack[Origin]) -> str:
        """Have a generation written into a new folder and return its name; it is not live yet.

        Raises:
            StateFolderError: the folder can't be written; what was live stays so.
        """
        created = dt.datetime.now(dt.UTC).replace(microsecond=0)
        name = f"{created:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        folder = self._folder / name
        with build_lock(self._state_dir):
            sweep(self._folder)
            try:
                folder.mkdir(parents=True)
                write(folder)
                write_manifest(folder, created, **origin)
            except BaseException as error:
                shutil.rmtree(folder, ignore_errors=True)
                if isinstance(error, OSError):
                    raise self._unwritable(error) from error
                raise
        return name

    def make_live(self, name: str) -> None:
        """Let CURRENT name a generation, and drop those that are one too many.

        Raises:
            StateFolderError: the folder can't be written; what was live stays so.
        """
        with build_lock(self._state_dir):
            history = self.history().with_promoted(name, after=self._current_if_whole())
            try:
                replace_durably(self.pointer, f"{name}\n".encode())
                history.save(self._folder)
            except OSError as error:
                raise self._unwritable(error) from error
            self._prune(name)

    def withhold(self, name: str) -> None:
        """Keep a generation without making it live, and drop those that are one too many."""
        with build_lock(self._state_dir):
            history = self.history()
            history.model_copy(update={"withheld": (*history.withheld, name)}).save(self._folder)
            self._prune(name)

    def rollback(self, seeds: str) -> tuple[str, str]:
        """Make the generation live that was so before this one; return both names, this one first.

        `seeds` is `seeds_digest` of the documents as they are now: until they change, nothing is
        built over the rollback unless somebody asks for it.

        Raises:
            NoEarlierGenerationError: there is none to go back to.
            GenerationError: it is damaged.
        """
        with build_lock(self._state_dir):
            live = self.current()
            if live is None:
                raise NoGenerationError(self._state_dir)
            history = self.history()
            order = history.promoted
            before = order[: order.index(live)] if live in order else order
            whole = set(self.names())
            earlier = next((name for name in reversed(before) if name in whole), None)
            if earlier is None:
                raise NoEarlierGenerationError(live)
            check_files(self._folder / earlier, self.manifest(earlier))
            rolled_back = {"rolled_back_from": live, "rolled_back_seeds": seeds}
            try:
                history.model_copy(update=rolled_back).save(self._folder)
                replace_durably(self.pointer, f"{earlier}\n".encode())
            except OSError as error:
                raise self._unwritable(error) from error
        return live, earlier

    def _unwritable(self, error: OSError) -> StateFolderError:
        return StateFolderError(
            f"the index can't be written to {self._folder} "
            f"({error.strerror or error}); the one before stays live"
        )

    def _current_if_whole(self) -> str | None:
        try:
            return self.current()
        except GenerationError:
            return None  # a build is what mends it

    def _prune(self, newest: str) -> None:
        history = self.history()
        names = self.names()
        order = [self._current_if_whole(), newest, *reversed(history.promoted), *names]
        kept = {*list(dict.fromkeys(order))[: self._keep], newest}
        dropped = set(names) - kept
        for name in dropped:
            drop(self._folder / name)
        if dropped:
            history.without(dropped).save(self._folder)
