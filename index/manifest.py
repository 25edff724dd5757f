"""What a generation says of itself: its format, its encoder, and the checksum of every file."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from index.durable import FRESH, fsync, write_durably
from index.errors import GenerationDamagedError, GenerationFormatError
from index.searches import Measured
from index.types import EncoderIdentity

if TYPE_CHECKING:
    from pathlib import Path

    from index.verified import Verified

__all__ = [
    "FORMAT_VERSION",
    "MANIFEST",
    "Manifest",
    "check_files",
    "is_generation_name",
    "read_manifest",
    "seal",
]

FORMAT_VERSION = 7  # bump when a file of a generation changes its name, shape or meaning
MANIFEST = "manifest.json"

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
    searches: dict[str, Measured]
    """How the vectors of passages and of sentences are searched."""
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


def is_generation_name(name: str) -> bool:
    """Whether this is how a generation is named: its second, and eight random digits."""
    return _NAME.match(name) is not None


def check_files(
    folder: Path, manifest: Manifest, verified: Verified, *, anew: bool = False
) -> None:
    """Compare every file of a generation with its checksum.

    What was verified and left alone since is not read again, unless `anew`.

    Raises:
        GenerationDamagedError: one is missing, or its bytes are others.
    """
    for name, expected in manifest.files.items():
        try:
            found = verified.sha256(folder / name, anew=anew)
        except OSError as error:
            reason = error.strerror or str(error)
            raise GenerationDamagedError(folder / name, reason) from error
        if found != expected:
            raise GenerationDamagedError(folder / name, "its checksum does not match")


def seal(folder: Path, manifest: Manifest, verified: Verified) -> None:
    """Make the files in a folder durable, and a whole generation, by writing its manifest.

    That is done last and in one step: a folder with a manifest is a whole generation.
    """
    # The last written one last: by then it was left alone long enough for its stamp to be kept.
    files = sorted(
        (path for path in folder.rglob("*") if path.is_file()),
        key=lambda path: path.stat().st_mtime_ns,
    )
    checksums = {path.relative_to(folder).as_posix(): verified.sha256(path) for path in files}
    for path in (*files, *{path.parent for path in files}):
        fsync(path)
    fresh = folder / f"{MANIFEST}{FRESH}"
    sealed = manifest.model_copy(update={"files": dict(sorted(checksums.items()))})
    write_durably(fresh, sealed.model_dump_json(indent=2).encode())
    fresh.replace(folder / MANIFEST)
    fsync(folder)
