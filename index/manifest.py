"""What a generation says of itself: its format, its encoder, and the checksum of every file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypedDict, Unpack

from pydantic import BaseModel, ConfigDict, ValidationError

from index.durable import FRESH, fsync, sha256_of, write_durably
from index.errors import GenerationDamagedError, GenerationFormatError
from index.types import EncoderIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "FORMAT_VERSION",
    "MANIFEST",
    "Manifest",
    "Origin",
    "check_files",
    "read_manifest",
    "write_manifest",
]

FORMAT_VERSION = 3  # bump when a file of a generation changes its name, shape or meaning
MANIFEST = "manifest.json"

_MAX_MANIFEST_BYTES = 256 * 1024 * 1024


class Origin(TypedDict):
    """What a generation was made of, as its maker says it; see `Manifest`."""

    documents: int
    passages: int
    encoder: EncoderIdentity
    extraction: int
    seeds: Mapping[str, str]


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


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the generation in a folder.

    Raises:
        GenerationError: it is damaged, or of another format.
    """
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            raise GenerationDamagedError(path, "is far too large")
        data = path.read_bytes()
    except OSError as error:
        raise GenerationDamagedError(path, error.strerror or str(error)) from error
    _check_format(folder.name, path, data)
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise GenerationDamagedError(path, "is not a manifest") from error
    if manifest.generation != folder.name:
        raise GenerationDamagedError(path, f"belongs to {manifest.generation!r}")
    return manifest


def write_manifest(
    folder: Path,
    created: dt.datetime,
    **origin: Unpack[Origin],
) -> None:
    """Complete the generation in a folder: every file durable, and the manifest last, at once.

    Raises:
        OSError: the disk is full, or the folder can't be written.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = Manifest(
        format=FORMAT_VERSION,
        generation=folder.name,
        created=created,
        encoder=origin["encoder"],
        documents=origin["documents"],
        passages=origin["passages"],
        extraction=origin["extraction"],
        seeds=dict(origin["seeds"]),
        files={path.relative_to(folder).as_posix(): sha256_of(path) for path in files},
    )
    for path in (*files, *{path.parent for path in files}):
        fsync(path)
    fresh = folder / f"{MANIFEST}{FRESH}"
    write_durably(fresh, manifest.model_dump_json(indent=2).encode())
    fresh.replace(folder / MANIFEST)
    fsync(folder)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a generation with its checksum.

    Raises:
        GenerationDamagedError: a file is missing, or its bytes are not those that were written.
    """
    for name, expected in manifest.files.items():
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            reason = error.strerror or str(error)
            raise GenerationDamagedError(folder / name, reason) from error
        if found != expected:
            raise GenerationDamagedError(folder / name, "its checksum does not match")


class _Head(BaseModel):
    format: int


def _check_format(name: str, path: Path, data: bytes) -> None:
    """Look at the format before anything else, since the rest may mean something else."""
    try:
        found = _Head.model_validate_json(data).format
    except ValidationError as error:
        raise GenerationDamagedError(path, "is not a manifest") from error
    if found != FORMAT_VERSION:
        raise GenerationFormatError(name, found, FORMAT_VERSION)
