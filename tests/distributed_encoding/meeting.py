"""Encoders for workers that are processes of their own: they meet, or they are killed, once."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sample import SAMPLE
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.types import Embedding

_PATIENCE_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingEncoder(FakeEncoder):
    """Encodes no passage before two processes have one in hand."""

    folder: Path

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Wait for the other, then encode as the fake does."""
        if list(texts) != list(SAMPLE):
            (self.folder / str(os.getpid())).touch()
            until = time.monotonic() + _PATIENCE_S
            while len(list(self.folder.iterdir())) < 2:
                if time.monotonic() > until:
                    raise TimeoutError("the other worker never came")
                time.sleep(0.05)
        return FakeEncoder.embed_passages(self, texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class KilledEncoder(FakeEncoder):
    """Ends the first process that has a passage in hand, as a system short of memory would."""

    folder: Path

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode as the fake does, if it comes to that."""
        if list(texts) != list(SAMPLE):
            try:
                (self.folder / "killed").touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        return FakeEncoder.embed_passages(self, texts)
