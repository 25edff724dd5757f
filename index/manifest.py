"""What a generation says of itself: its format, its encoder, and the checksum of every file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import GenerationDamagedError, GenerationFormatError
from index.types import EncoderIdentity

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMAT_VERSION", "MANIFEST", "Manifest", "read_manifest"]

FORMAT_VERSION = 3  # bump when a file of a generation changes its name, shape or meaning
MANIFEST = "manifest.json"

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
