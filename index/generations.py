"""The generations in a state folder: written whole, checked whole, made live in one step.

    <state>/index/CURRENT                    the live generation's name
    <state>/index/<name>/manifest.json       format, encoder, counts, checksums, origin
    <state>/index/<name>/...                 what `index.generation` writes

A generation is never changed once CURRENT has named it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
import secrets
import shutil
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import (
    GenerationDamagedError,
    GenerationFormatError,
    NoGenerationError,
    StateFolderError,
)
from index.generation import Generation
from index.types import EncoderIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["FORMAT_VERSION", "Generations", "Manifest"]

FORMAT_VERSION = 2  # bump when a file of a generation changes its name, shape or meaning

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_NAME = re.compile(r"^\d{8}T\d{6}Z-[0-9a-f]{8}$")
_MAX_MANIFEST_BYTES = 256 * 1024 * 1024


class Manifest(BaseModel):
    """What a generation says of itself, in `manifest.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    generation: str
    created: dt.datetime
    encoder: EncoderIdentity
    documents: int
    passages: int
    extraction: int
    """The version of the rules that turned files into passages."""
    seeds: dict[str, str]
    """Each file it was made of, with the SHA-256 of its bytes."""
    files: dict[str, str]
    """Each file of the generation itself, with the SHA-256 of its bytes."""


class Generations:
    """The generations in one state folder."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._folder = state_dir / "index"

    def current(self) -> str | None:
        """Return the name of the live generation, or None where nothing was built yet."""
        pointer = self._folder / _CURRENT
        try:
            name = pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise GenerationDamagedError(pointer, str(error)) from error
        if not _NAME.match(name):
            raise GenerationDamagedError(pointer, "names no generation")
        return name

    def manifest(self) -> Manifest:
        """Read the live generation's manifest.

        Raises:
            NoGenerationError: nothing was built yet.
            GenerationError: it is damaged, or of another format.
        """
        name = self.current()
        if name is None:
            raise NoGenerationError(self._state_dir)
        path = self._folder / name / _MANIFEST
        data = _read(path, limit=_MAX_MANIFEST_BYTES)
        self._check_format(name, path, data)
        try:
            manifest = Manifest.model_validate_json(data)
        except ValidationError as error:
            raise GenerationDamagedError(path, "is not a manifest") from error
        if manifest.generation != name:
            raise GenerationDamagedError(path, f"belongs to {manifest.generation!r}")
        return manifest

    @staticmethod
    def _check_format(name: str, path: Path, data: bytes) -> None:
        """Look at the format before anything else, since the rest may mean something else."""

        class Head(BaseModel):
            format: int

        try:
            found = Head.model_validate_json(data).format
        except ValidationError as error:
            raise GenerationDamagedError(path, "is not a manifest") from error
        if found != FORMAT_VERSION:
            raise GenerationFormatError(name, found, FORMAT_VERSION)

    def load(self) -> tuple[Generation, Manifest]:
        """Load the live generation, every file checked against its checksum.

        Raises:
            NoGenerationError: nothing was built yet.
            GenerationError: it is damaged, or of another format.
        """
        manifest = self.manifest()
        folder = self._folder / manifest.generation
        for name, sha256 in manifest.files.items():
            if _sha256(folder / name) != sha256:
                raise GenerationDamagedError(folder / name, "its checksum does not match")
        return Generation.load(folder, name=manifest.generation), manifest

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
        previous = self._current_if_whole()
        created = dt.datetime.now(dt.UTC).replace(microsecond=0)
        name = f"{created:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        folder = self._folder / name
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
                files={path.relative_to(folder).as_posix(): _sha256(path) for path in files},
            )
            _write_durably(folder / _MANIFEST, manifest.model_dump_json(indent=2).encode())
            for path in (*files, *{path.parent for path in files}, folder):
                _fsync(path)
            self._make_live(name)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise StateFolderError(
                f"the index can't be written to {self._folder} "
                f"({error.strerror or error}); the one before stays live"
            ) from error
        self._drop_all_but({name, previous})
        return name

    def _current_if_whole(self) -> str | None:
        try:
            return self.current()
        except GenerationDamagedError:
            return None  # a build is what mends it

    def _make_live(self, name: str) -> None:
        pointer = self._folder / _CURRENT
        fresh = pointer.with_name(f"{_CURRENT}.{name}")
        _write_durably(fresh, f"{name}\n".encode())
        fresh.replace(pointer)
        _fsync(self._folder)

    def _drop_all_but(self, kept: set[str | None]) -> None:
        # The one before is kept, since another process may be reading it at this moment.
        for folder in self._folder.iterdir():
            if folder.name not in kept and _NAME.match(folder.name):
                shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path, *, limit: int | None = None) -> bytes:
    try:
        if limit is not None and path.stat().st_size > limit:
            raise GenerationDamagedError(path, "is far too large")
        return path.read_bytes()
    except OSError as error:
        raise GenerationDamagedError(path, error.strerror or str(error)) from error


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GenerationDamagedError(path, error.strerror or str(error)) from error


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _fsync(path: Path) -> None:
    """Make a file or a folder's entries durable, where the system lets it be opened so."""
    with contextlib.suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
