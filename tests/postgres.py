"""A PostgreSQL server for the tests: Debian's own, in a folder that is gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PASSWORD", "PostgresServer", "postgres_folder"]

PASSWORD = "pass:wo@rd/%"  # what an address must escape, and nothing may show
_WAIT_S = 60.0
_LOOK_S = 0.02
_UNPRIVILEGED = ("postgres", "nobody")


def postgres_folder() -> Path | None:
    """Return where the server's programs are, the newest version's; None if it isn't installed."""
    on_path = shutil.which("initdb")
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    found = [Path(on_path).resolve()] if on_path else versions[-1:]
    return found[0].parent if found else None


class PostgresServer:
    """One server on 127.0.0.1; started and stopped as often as a test likes, on the same port.

    It writes to the disk as it would elsewhere (fsync), wants its password, and sorts texts by
    their bytes.
    """

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="verbatim-postgres-"))
        self._user: int | None = None  # ours
        self._group: int | None = None
        if os.geteuid() == 0:  # it refuses to run as root
            user = _unprivileged()
            self._user, self._group = user.pw_uid, user.pw_gid
            os.chown(self._folder, self._user, self._group)
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._make()

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database, with the password in it."""
        return f"postgresql://bot:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        self._databases += 1
        name = f"test_{self._databases}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Delete a database that was made so, whoever is connected."""
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Run a statement beside whoever else is connected; return what psql prints."""
        done = self._run("psql", "--no-psqlrc", "-XAtq", "-c", statement, self.url(database))
        return done.stdout.decode().strip()

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(  # noqa: S603 -- found by us
                [
                    self._programs / "postgres",
                    *("-D", self._folder / "data"),
                    *("-k", self._folder),
                    *("-p", str(self.port)),
                    *("-c", "listen_addresses=127.0.0.1"),
                    *("-c", "recovery_init_sync_method=syncfs"),  # after a crash, not by file
                ],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they stop it
                user=self._user,
                group=self._group,
            )
        ends_at = time.monotonic() + _WAIT_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > ends_at:
                raise RuntimeError((self._folder / "log").read_text("utf-8", "replace"))
            time.sleep(_LOOK_S)

    def stop(self, *, crash: bool = False) -> None:
        """Stop the server, whoever is connected; after a `crash` it has to recover first."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
            self._process.wait(_WAIT_S)
            self._process = None

    @contextmanager
    def stopped(self, *, crash: bool = False) -> Iterator[None]:
        """Keep the server down for a while."""
        self.stop(crash=crash)
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Keep the server from answering anybody, with all connections open."""
        assert self._process is not None
        frozen = [self._process.pid, *_children(self._process.pid)]
        for pid in frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in frozen:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        """Stop the server and delete all that it has."""
        self.stop(crash=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(f"{PASSWORD}\n", "utf-8")
        self._run(
            "initdb",
            *("--pgdata", str(self._folder / "data")),
            *("--username", "bot"),
            *("--pwfile", str(secret)),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        )

    def _is_ready(self) -> bool:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port))
            return True
        return False

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 -- found by us
            [self._programs / program, *arguments],
            cwd=self._folder,
            capture_output=True,
            check=True,
            user=self._user,
            group=self._group,
        )


def _unprivileged() -> pwd.struct_passwd:
    for name in _UNPRIVILEGED:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(each) for each in found.split()]
