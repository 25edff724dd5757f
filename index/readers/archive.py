"""ZIP containers that may be bombs: how much is in one is known before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from index.readers.base import ReadingError

__all__ = ["open_archive", "read_member"]

MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
_ENCRYPTED = 0x1
# What zipfile and the decompressors raise over damage; NotImplementedError is a RuntimeError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open a container whose parts all together stay within the limits.

    The sizes are the ones the container states of its parts; `zipfile` unpacks no part beyond
    its own, so a lie makes that part damaged and no larger.

    Raises:
        ReadingError: it is no ZIP file, is damaged or encrypted, or is too much to unpack.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise ReadingError("is damaged, or is no such file: it is no ZIP container") from error
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise ReadingError(f"holds more than {MAX_ENTRIES} parts")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise ReadingError(f"unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise ReadingError("is encrypted: save it without a password")
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one part.

    Raises:
        ReadingError: it is missing or damaged.
    """
    try:
        return archive.read(name)
    except KeyError as error:
        raise ReadingError(f"is damaged: its part {name!r:.80} is missing") from error
    except _DAMAGE as error:
        raise ReadingError(f"is damaged: its part {name!r:.80} can't be unpacked") from error
