"""The generations in a state folder: written whole, checked whole, made live in one step.

    <state>/index/CURRENT                    the live generation's name
    <state>/index/history.json               which were live before (`index.history`)
    <state>/index/build.lock                 held by whoever writes here (`index.locking`)
    <state>/index/<name>/manifest.json       format, encoder, counts, checksums, origin
    <state>/index/<name>/...                 what `index.generation` reads
    <state>/index/segments/<name>/...        what `index.segment` reads, and a manifest

A generation is never changed once it has its manifest, and one without a manifest is what a
killed build left behind.
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from index.durable import filled, replace_durably
from index.errors import (
    GenerationDamagedError,
    GenerationError,
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
    is_name,
    new_name,
    read_manifest,
    seal,
)
from index.pruning import drop, sweep
from index.segments import Segments
from index.verified import Verified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from index.searches import Measured
    from index.types import EncoderIdentity

__all__ = ["FORMAT_VERSION", "KEEP", "Generations", "Manifest"]

KEEP = 3
"""How many generations are kept, the live one included, where nothing else is said."""
_CURRENT = "CURRENT"


class Generations:
    """The generations in one state folder, of which `keep` are kept, and their segments."""

    def __init__(self, state_dir: Path, *, keep: int = KEEP) -> None:
        self._state_dir = state_dir
        self._folder = state_dir / "index"
        self._keep = keep
        self.segments = Segments(state_dir)
        self.pointer = self._folder / _CURRENT
        """The file that names the live generation; it is replaced whenever that changes."""

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
        if not is_name(name):
            raise GenerationDamagedError(self.pointer, "names no generation")
        return name

    def names(self) -> list[str]:
        """Return every complete generation, the newest first."""
        if not self._folder.is_dir():
            return []
        found = []
        for path in self._folder.glob(f"*/{MANIFEST}"):
            name = path.parent.name
            if is_name(name):
                with suppress(FileNotFoundError):  # another process drops it at this moment
                    # A name begins with its second; the clock of the file knows the order within.
                    found.append((name[:16], path.stat().st_mtime_ns, name))
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

    def check(self, manifest: Manifest, *, anew: bool = False) -> None:
        """Compare every file of a generation, those of its segments too, with its checksum.

        Files that were left alone since it was last taken are not read again, unless `anew`.

        Raises:
            GenerationError: one is missing or of another format, or its bytes are others.
        """
        with Verified.at(self._state_dir) as verified:
            check_files(self._folder / manifest.generation, manifest, verified, anew=anew)
            self.segments.check(manifest.segments, verified, anew=anew)

    def load(self) -> tuple[Generation, Manifest]:
        """Load the live generation, every file checked as `check` does.

        Raises:
            NoGenerationError: nothing was built yet.
            GenerationError: it is damaged, or of another format.
        """
        while True:
            name = self.current()
            try:
                manifest = self.manifest(name)
                self.check(manifest)
                folder = self._folder / manifest.generation
                return Generation.load(folder, name=manifest.generation), manifest
            except GenerationDamagedError:
                if self.current() == name:
                    raise
                # Another took its place and it was dropped while we read: load that one.

    def write(
        self,
        write: Callable[[Path], Mapping[str, Measured]],
        *,
        documents: int,
        passages: int,
        encoder: EncoderIdentity,
        extraction: int,
        seeds: Mapping[str, str],
        segments: Mapping[str, str] | None = None,
        recipe: str = "",
    ) -> str:
        """Have a generation written into a new folder and return its name; it is not live yet.

        `write` tells how the vectors of each kind are searched; `segments` are those that it is
        made of, with the SHA-256 of their manifests.

        Raises:
            StateFolderError: the folder can't be written; what was live stays so.
        """
        created = dt.datetime.now(dt.UTC).replace(microsecond=0)
        folder = self._folder / (name := new_name(created))
        with self.writing():
            sweep(self._folder, but=segments or ())
            with filled(folder), Verified.at(self._state_dir) as verified:
                manifest = Manifest(
                    format=FORMAT_VERSION,
                    generation=name,
                    created=created,
                    encoder=encoder,
                    documents=documents,
                    passages=passages,
                    extraction=extraction,
                    recipe=recipe,
                    seeds=dict(seeds),
                    searches=dict(write(folder)),
                    segments=dict(segments or {}),
                    files={},
                )
                seal(folder, manifest, verified)
        return name

    def make_live(self, name: str) -> None:
        """Let CURRENT name a generation, and drop those that are one too many.

        Raises:
            StateFolderError: the folder can't be written; what was live stays so.
        """
        with build_lock(self._state_dir):
            before = self.history()
            try:
                # The history first: should it fail, nothing has changed hands yet.
                before.with_promoted(name, after=self._current_if_whole()).save(self._folder)
                replace_durably(self.pointer, f"{name}\n".encode())
            except OSError as error:
                with suppress(OSError):
                    before.save(self._folder)
                drop(self._folder, [name])
                raise self.unwritable(error) from error
            self._prune(name)

    def withhold(self, name: str) -> None:
        """Keep a generation without making it live, and drop those that are one too many."""
        with self.writing():
            history = self.history()
            withheld = {"withheld": (*history.withheld, name)}
            history.model_copy(update=withheld).save(self._folder)
            self._prune(name)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write here; an error says what stays live."""
        with build_lock(self._state_dir):
            try:
                yield
            except OSError as error:
                raise self.unwritable(error) from error

    def unwritable(self, error: OSError) -> StateFolderError:
        """Return what to raise where the folder could not be written."""
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
        """Keep the live one, the newest, and as many as there is room for; readers keep theirs.

        A file that is mapped stays readable when its name is gone (POSIX); a reader that comes too
        late finds the new CURRENT.
        """
        history = self.history()
        order = [self._current_if_whole(), newest, *reversed(history.promoted), *self.names()]
        kept = {newest, *list(dict.fromkeys(order))[: max(self._keep, 1)]}
        dropped = set(self.names()) - kept
        with suppress(OSError):  # what can't be dropped now is dropped next time
            drop(self._folder, dropped)
            sweep(self._folder)
            if dropped:
                history.without(dropped).save(self._folder)
