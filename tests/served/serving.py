"""A Milvus Lite server in a process of its own, and what is put there and answered from it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pymilvus import MilvusClient

from index.errors import EngineUnavailableError
from index.generations import Generations
from index.served.engine import Engine
from index.served.generations import ServedGenerations
from tests.ports import free_port

if TYPE_CHECKING:
    import signal
    from pathlib import Path

    from index.types import Answer

__all__ = ["Server", "publish", "shown"]

_START_S = 90.0
_RUN = "from milvus_lite.cmdline import main; main()"


@dataclass
class Server:
    """A server over one folder, at one port."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.begin()
        until = time.monotonic() + _START_S
        while True:
            try:
                with Engine(self.url) as engine:
                    engine.collections()
            except EngineUnavailableError:
                assert time.monotonic() < until
                assert self.process is not None
                assert self.process.poll() is None, "the server has ended"
                time.sleep(0.1)
            else:
                return

    def begin(self) -> None:
        """Start it, and don't wait."""
        command = [sys.executable, "-c", _RUN, "server", "--host", "127.0.0.1"]
        given = ["--port", str(self.port), "--data-dir", str(self.folder)]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, *given],
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once, as a power cut does to a process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def database(self) -> str:
        """Make a database of one's own, and return its address."""
        name = f"test_{secrets.token_hex(6)}"
        client = MilvusClient(self.url, timeout=_START_S)
        client.create_database(name)
        client.close()
        return f"{self.url}/{name}"


def publish(engine: Engine, state: Path) -> str:
    """Make what is live in a state folder live on the engine; return its name."""
    generation, manifest = Generations(state).load()
    served = ServedGenerations(engine)
    served.push(generation, manifest)
    served.make_live(generation.name)
    return generation.name


def shown(answer: Answer) -> list[object]:
    """Return of an answer what the engine and the index here must agree in."""
    hits = [
        (hit.passage, hit.source, hit.highlight, {other.passage.id for other in hit.also_in})
        for hit in answer.hits
    ]
    return [answer.verdict, answer.query, answer.generation, answer.is_followup, hits]
