"""What a generation and a segment say of themselves: format, origin, the checksum of every file.

The checksum of a segment's manifest stands in that of each generation that it is a part of. So a
generation's manifest vouches for every byte (a Merkle tree).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from typing import TYPE_CHECKING, TypeVar

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
    "SegmentManifest",
    "check_files",
    "is_name",
    "new_name",
    "read_manifest",
    "read_segment",
    "seal",
]

FORMAT_VERSION = 9  # bump when a file of a generation changes its name, shape or meaning
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
    recipe: str = ""
    """All but the documents that it follows from: what is made by another is made anew."""
    seeds: dict[str, str]
    """Each file it was made of, with the SHA-256 of its bytes."""
    searches: dict[str, Measured]
    """How the vectors of passages and of sentences are searched, in the largest segment."""
    segments: dict[str, str] = {}
    """Each segment that it is made of, with the SHA-256 of that one's manifest."""
    files: dict[str, str]
    """Each file of the generation itself, with the SHA-256 of its bytes."""


class SegmentManifest(BaseModel):
    """What a segment says of itself, in its `manifest.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    segment: str
    documents: int
    passages: int
    searches: dict[str, Measured]
    """How the vectors of passages and of sentences are searched."""
    files: dict[str, str]
    """Each file of the segment, with the SHA-256 of its bytes."""


_T = TypeVar("_T", Manifest, SegmentManifest)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the generation in a folder.

    Raises:
        GenerationError: it is damaged, or of another format.
    """
    manifest = _parsed(Manifest, folder, _bytes_of(folder))
    if manifest.generation != folder.name:
        raise GenerationDamagedError(folder / MANIFEST, f"belongs to {manifest.generation!r}")
    return manifest


class _Head(BaseModel):
    format: int


def _bytes_of(folder: Path) -> bytes:
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            raise GenerationDamagedError(path, "is far too large")
        return path.read_bytes()
    except OSError as error:
        raise GenerationDamagedError(path, error.strerror or str(error)) from error


def _parsed(kind: type[_T], folder: Path, data: bytes) -> _T:
    """Look at the format before anything else, since the rest may mean something else."""
    try:
        found = _Head.model_validate_json(data).format
        if found != FORMAT_VERSION:
            raise GenerationFormatError(folder.name, found, FORMAT_VERSION)
        return kind.model_validate_json(data)
    except ValidationError as error:
        raise GenerationDamagedError(folder / MANIFEST, "is not a manifest") from error


def new_name(created: dt.datetime) -> str:
    """Name a generation or a segment: its second, and eight random digits."""
    return f"{created:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def is_name(name: str) -> bool:
    """Whether this is how a generation or a segment is named."""
    return _NAME.match(name) is not None


def read_segment(folder: Path, sha256: str | None = None) -> SegmentManifest:
    """Read the manifest of the segment in a folder; its checksum is compared, where it is known.

    Raises:
        GenerationError: it is missing, is no manifest, or of another format; or its bytes are
            others.
    """
    data = _bytes_of(folder)
    if sha256 not in {None, hashlib.sha256(data).hexdigest()}:
        raise GenerationDamagedError(folder / MANIFEST, "its checksum does not match")
    return _parsed(SegmentManifest, folder, data)


def check_files(
    folder: Path,
    manifest: Manifest | SegmentManifest,
    verified: Verified,
    *,
    anew: bool = False,
) -> None:
    """Compare every file of a generation or a segment with its checksum.

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


def seal(folder: Path, manifest: Manifest | SegmentManifest, verified: Verified) -> str:
    """Make the files in a folder durable, and a whole of it, by writing its manifest.

    That is done last and in one step: a folder with a manifest is a whole generation, or segment.
    Returns the SHA-256 of the manifest.
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
    data = sealed.model_dump_json(indent=2).encode()
    write_durably(fresh, data)
    fresh.replace(folder / MANIFEST)
    for path in (folder, folder.parent):  # what names it may be in another folder
        fsync(path)
    return hashlib.sha256(data).hexdigest()
