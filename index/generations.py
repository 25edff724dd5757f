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
import re
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from index.durable import FRESH, fsync, replace_durably, sha256_of, write_durably
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
from index.manifest import FORMAT_VERSION, MANIFEST, Manifest, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from index.types import EncoderIdentity

__all__ = ["FORMAT_VERSION", "KEEP", "Generations", "Manifest"]

KEEP = 3
"""How many generations are kept, the live one included, where nothing else is said."""

_CURRENT = "CURRENT"
_NAME = re.compile(r"^\d{8}T\d{6}Z-[0-9a-f]{8}$")


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
        if not _NAME.match(name):
            raise GenerationDamagedError(self.pointer, "names no generation")
        return name

    def names(self) -> list[str]:
        """Return every complete generation, the newest first."""
        if not self._folder.is_dir():
            return []
        found = []
        for path in self._folder.glob(f"*/{MANIFEST}"):
            if _NAME.match(path.parent.name):
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
                self._check(manifest)
                folder = self._folder / manifest.generation
                return Generation.load(folder, name=manifest.generation), manifest
            except GenerationDamagedError:
                if self.current() == name:
                    raise
                # Another took its place and it was dropped while we read: load that one.

    def _check(self, manifest: Manifest) -> None:
        folder = self._folder / manifest.generation
        for name, expected in manifest.files.items():
            try:
                found = sha256_of(folder / name)
            except OSError as error:
                reason = error.strerror or str(error)
                raise GenerationDamagedError(folder / name, reason) from error
            if found != expected:
                raise GenerationDamagedError(folder / name, "its checksum does not match")

    def promote(
        self,
        write: Callable[[Path], None],
        *,
        documents: int,
        passages: int,
        encoder: EncoderIdentity,
        extraction: int,
        seeds: Mapping[str, str],
    ) -> str:
        """Have a generation written into a new folder, make it live, and return its name.

        Raises:
            StateFolderError: the folder can't be written; what was live stays so.
        """
        with build_lock(self._state_dir):
            name = self.write(
                write,
                documents=documents,
                passages=passages,
                encoder=encoder,
                extraction=extraction,
                seeds=seeds,
            )
            self.make_live(name)
        return name

    def write(
        self,
        write: Callable[[Path], None],
        *,
        documents: int,
        passages: int,
        encoder: EncoderIdentity,
        extraction: int,
        seeds: Mapping[str, str],
    ) -> str:
        """Have a generation written into a new folder and return its name; it is not live yet.

        Raises:
            StateFolderError: the folder can't be written; what was live stays so.
        """
        created = dt.datetime.now(dt.UTC).replace(microsecond=0)
        name = f"{created:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        folder = self._folder / name
        with build_lock(self._state_dir):
            self._sweep()
            try:
                folder.mkdir(parents=True)
                write(folder)
                files = sorted(path for path in folder.rglob("*") if path.is_file())
                manifest = Manifest(
                    format=FORMAT_VERSION,
                    generation=name,
                    created=created,
                    encoder=encoder,
                    documents=documents,
                    passages=passages,
                    extraction=extraction,
                    seeds=dict(seeds),
                    files={path.relative_to(folder).as_posix(): sha256_of(path) for path in files},
                )
                for path in (*files, *{path.parent for path in files}):
                    fsync(path)
                # Last, and in one step: a folder with a manifest is a whole generation.
                fresh = folder / f"{MANIFEST}{FRESH}"
                write_durably(fresh, manifest.model_dump_json(indent=2).encode())
                fresh.replace(folder / MANIFEST)
                fsync(folder)
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
            self._check(self.manifest(earlier))
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

    def _sweep(self) -> None:
        """Drop what builds left behind that were killed."""
        for path in self._folder.iterdir():
            if path.is_file() and path.name.endswith(FRESH):
                path.unlink(missing_ok=True)
            elif _NAME.match(path.name) and not (path / MANIFEST).is_file():
                shutil.rmtree(path, ignore_errors=True)

    def _prune(self, newest: str) -> None:
        """Keep the live one, the newest, and as many as there is room for; readers keep theirs.

        A file that is mapped stays readable when its name is gone (POSIX); a reader that comes too
        late finds the new CURRENT.
        """
        history = self.history()
        order = [self._current_if_whole(), newest, *reversed(history.promoted), *self.names()]
        kept = set(list(dict.fromkeys(order))[: max(self._keep, 1)])
        kept |= {newest}
        dropped = set(self.names()) - kept
        for name in dropped:
            # Without its manifest first: what is left of it, if this is killed, is swept.
            (self._folder / name / MANIFEST).unlink(missing_ok=True)
            shutil.rmtree(self._folder / name, ignore_errors=True)
        if dropped:
            history.without(dropped).save(self._folder)
