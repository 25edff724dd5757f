"""What goes through the pipes between the pool and its workers: JSON and bytes, never pickle.

A frame is its length (8 bytes, big-endian) and its content. A request is two frames, the task as
JSON and the file's bytes; a reply is one, an `Outcome` as JSON.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, TypeAdapter

from index.documents import ParsedDocument
from index.sources import Metadata

if TYPE_CHECKING:
    from typing import IO

__all__ = ["OUTCOME", "Outcome", "Refusal", "Task", "receive", "send"]

_LENGTH = struct.Struct(">Q")
_MAX_FRAME_BYTES = 1 << 30


class Task(BaseModel):
    """A file to read: its path below the folder, the folder's name, what is stated of it.

    `cpu_s` is the processor time, in seconds, that the worker allows itself for it.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    folder: str
    stated: Metadata
    cpu_s: int


class Refusal(BaseModel):
    """Why a file is left out. `extra` names the optional dependency that would read it.

    `is_fatal` tells that the worker is not to be trusted with another file.
    """

    model_config = ConfigDict(frozen=True)

    reason: str
    extra: str | None = None
    is_fatal: bool = False


Outcome = ParsedDocument | Refusal
OUTCOME: TypeAdapter[ParsedDocument | Refusal] = TypeAdapter(Outcome)


def send(stream: IO[bytes], *frames: bytes) -> None:
    """Write frames.

    Raises:
        OSError: the other side is gone.
    """
    for frame in frames:
        stream.write(_LENGTH.pack(len(frame)))
        stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None when the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _MAX_FRAME_BYTES:
        return None  # no frame of ours: something else wrote into the pipe
    content = stream.read(length)
    return content if len(content) == length else None
