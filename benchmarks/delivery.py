"""How fast the whole bot answers, against the test server in a process of its own.

python -m benchmarks.delivery             the real retriever over the documents of `seeds/`
python -m benchmarks.delivery --client    only the HTTP clients, ours and the library's own
python -m benchmarks.delivery --database  only the echo retriever, with its state in SQLite and in
                                          PostgreSQL, on a server of its own

CPU is that of the bot's process for each answer, which other work on the machine changes little.
For each latency of the API: the bot with its retriever, the bot with one that answers at once,
and a handler that does nothing but reply, with no inbox, outbox or pacing, as the ceiling.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.delivery.http import AiohttpRequest
from tests.botapi import RemoteBotApi
from tests.e2e.conftest import ROOT, environment
from tests.postgres import PostgresServer, postgres_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from telegram.request import BaseRequest

_LATENCIES_S = (0.0, 0.05)
_START_S = 120
_SEEDS = ROOT / "seeds"
_QUESTIONS = [
    "Who reported from Beirut?",
    "who is hussein harmoush",
    "how many people were killed in hama",
    "What is the capital of France?",
]
_ECHO = ("-m", "tests.e2e.scripted")
_BOTS = {
    "whole bot, real retriever": ("-m", "bot", "bot", "--seeds", str(_SEEDS)),
    "whole bot, echo retriever": _ECHO,
    "no-op handler (ceiling)": ("-m", "benchmarks.noop"),
}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", action="store_true", help="only compare the HTTP clients")
    parser.add_argument("--database", action="store_true", help="only compare the databases")
    parser.add_argument("--users", type=int, default=64)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--state", type=Path, default=Path(".verbatim"), help="the built index")
    options = parser.parse_args()
    if options.client:
        asyncio.run(_compare_clients(options.questions))
    elif options.database:
        asyncio.run(_compare_databases(options))
    else:
        asyncio.run(_compare_bots(options))


async def _compare_bots(options: argparse.Namespace) -> None:
    _print_head(options)
    for name, arguments in _BOTS.items():
        for latency_s in _LATENCIES_S:
            with tempfile.TemporaryDirectory() as state:
                if "real" in name:
                    (Path(state) / "index").symlink_to((options.state / "index").resolve())
                figures = await _load(arguments, state, latency_s, options)
            _print_row(name, latency_s, figures)


async def _compare_databases(options: argparse.Namespace) -> None:
    programs = postgres_folder()
    if programs is None:
        sys.exit("PostgreSQL is not installed (apt-get install postgresql)")
    _print_head(options)
    server = PostgresServer(programs)
    try:
        server.start()
        for latency_s in _LATENCIES_S:
            for name in ("SQLite", "PostgreSQL"):
                url = server.new_database() if name == "PostgreSQL" else ""
                with tempfile.TemporaryDirectory() as state:
                    figures = await _load(_ECHO, state, latency_s, options, DATABASE_URL=url)
                _print_row(name, latency_s, figures)
    finally:
        server.remove()


def _print_head(options: argparse.Namespace) -> None:
    print(f"{options.questions} questions of {options.users} users, one open question each")
    print(
        f"{'':28} {'API':>6} {'answers/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'CPU ms':>7} "
        f"{'answered':>9}"
    )


def _print_row(name: str, latency_s: float, figures: dict[str, Any]) -> None:
    print(
        f"{name:28} {1000 * latency_s:>3.0f} ms {figures['answers_per_s']:>10} "
        f"{figures['p50_ms']:>8} {figures['p99_ms']:>8} {figures['cpu_ms']:>7.2f} "
        f"{figures['answered']:>4}/{figures['asked']}",
        flush=True,
    )


async def _load(
    arguments: Sequence[str],
    state: str,
    latency_s: float,
    options: argparse.Namespace,
    **settings: str,
) -> dict[str, Any]:
    async with RemoteBotApi() as api:
        await api.do("latency", seconds=latency_s)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=state,
            env=environment(
                TELEGRAM_BOT_TOKEN=api.token,
                TELEGRAM_API_BASE_URL=api.base_url,
                STATE_DIR=state,
                MESSAGES_PER_SECOND="1000",
                CHAT_MESSAGES_PER_SECOND="1000",
                PYTHONPATH=str(ROOT),
                LOG_LEVEL="WARNING",
                **settings,
            ),
        )
        try:
            await api.do("wait_for_poller", timeout_s=_START_S)
            await api.do("load", users=8, questions=32, texts=_QUESTIONS)  # warms up
            used_s = _cpu_s(process.pid)
            figures: dict[str, Any] = await api.do(
                "load", users=options.users, questions=options.questions, texts=_QUESTIONS
            )
            figures["cpu_ms"] = 1000 * (_cpu_s(process.pid) - used_s) / options.questions
        finally:
            process.terminate()
            await process.wait()
    return figures


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


async def _compare_clients(calls: int) -> None:
    print(f"{'':28} {'API':>6} {'at once':>8} {'calls/s':>8}")
    clients = {"httpx (the library's own)": HTTPXRequest, "aiohttp": AiohttpRequest}
    for latency_s in _LATENCIES_S:
        for at_once in (1, 16, 64, 256):
            for name, client in clients.items():
                request = (
                    client(connection_pool_size=at_once, pool_timeout=60)
                    if client is HTTPXRequest
                    else AiohttpRequest(connections=at_once)
                )
                async with RemoteBotApi() as api, _bot(api, request) as bot:
                    await api.do("latency", seconds=latency_s)
                    number = calls if at_once > 1 else calls // 10
                    per_s = await _calls_per_s(bot, number, at_once)
                print(f"{name:28} {1000 * latency_s:>3.0f} ms {at_once:>8} {per_s:>8.0f}")


@asynccontextmanager
async def _bot(api: RemoteBotApi, request: BaseRequest) -> AsyncIterator[Bot]:
    async with Bot(api.token, f"{api.base_url}/bot", request=request) as bot:
        yield bot


async def _calls_per_s(bot: Bot, calls: int, at_once: int) -> float:
    places = asyncio.Semaphore(at_once)

    async def call() -> None:
        async with places:
            await bot.get_me()

    started_at = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(calls)))
    return calls / (time.perf_counter() - started_at)


if __name__ == "__main__":
    main()
