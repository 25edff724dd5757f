"""Several replicas over one PostgreSQL behind one webhook: how fast, and what kills cost.

python -m benchmarks.replicas                throughput of 1, 2 and 3 replicas in one run
python -m benchmarks.replicas --kills 100    replicas killed, ended and paused at random under load

For the first, the Bot API server has a process of its own. Where a search takes 50 ms of each
replica's time, as on a machine of its own, replicas add up; where it takes none, these processes
only share the cores that there are. One bot with its state in a file stands beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from pathlib import Path

from tests.botapi import BotApi, RemoteBotApi
from tests.botapi.balancer import Balancer
from tests.e2e.replicas import ORIGIN, Asking, Fleet, all_answered, fleet, trouble
from tests.postgres import PostgresServer, postgres_folder

_SEARCHES_S = (0.05, 0.0)
_COUNTS = (1, 2, 3)
_USERS = 64
_EVERY_S = 0.1
_PATIENCE_S = 900.0


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=0, help="kill so often, under load")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=1500)
    options = parser.parse_args()
    programs = postgres_folder()
    if programs is None:
        parser.error("PostgreSQL is not installed (apt-get install postgresql)")
    postgres = PostgresServer(programs)
    try:
        postgres.start()
        if options.kills:
            asyncio.run(_kill(postgres, options.kills, options.seed))
        else:
            asyncio.run(_measure(postgres, options.questions))
    finally:
        postgres.remove()


async def _measure(postgres: PostgresServer, questions: int) -> None:
    print(f"{questions} questions of {_USERS} users, one open question each")
    print(f"{'search':>7} {'':22} {'answers/s':>10} {'ratio':>6} {'p50 ms':>8} {'p99 ms':>8}")
    for search_s in _SEARCHES_S:
        alone = await _load(postgres, 1, questions, search_s, {"DATABASE_URL": ""})
        _print(search_s, "one bot, a file", alone, alone)
        single = None
        for count in _COUNTS:
            figures = await _load(postgres, count, questions, search_s, {})
            single = single or figures
            _print(search_s, f"{count} with PostgreSQL", figures, single)


def _print(
    search_s: float, name: str, figures: dict[str, float], single: dict[str, float]
) -> None:
    ratio = figures["answers_per_s"] / single["answers_per_s"]
    print(
        f"{1000 * search_s:>4.0f} ms {name:22} {figures['answers_per_s']:>10} {ratio:>6.2f} "
        f"{figures['p50_ms']:>8} {figures['p99_ms']:>8}",
        flush=True,
    )


async def _load(
    postgres: PostgresServer,
    count: int,
    questions: int,
    search_s: float,
    settings: dict[str, str],
) -> dict[str, float]:
    given = {"SCRIPTED_SEARCH_S": str(search_s), "LOG_LEVEL": "WARNING"} | settings
    given["SCRIPTED_LEASE_S"] = "10"
    with tempfile.TemporaryDirectory() as folder:
        async with RemoteBotApi() as api:
            bots = Fleet(api, postgres, Path(folder), count=count, **given)
            async with Balancer(bots.ports, patience_s=10) as balancer:
                await api.do("proxy", origin=ORIGIN, to=balancer.url)
                try:
                    await bots.start_all()
                    await api.do("load", users=_USERS, questions=2 * _USERS)  # warms up
                    figures: dict[str, float] = await api.do(
                        "load", users=_USERS, questions=questions, timeout_s=300
                    )
                finally:
                    await bots.close()
    return figures


async def _kill(postgres: PostgresServer, kills: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with BotApi() as api, fleet(api, postgres, Path(folder)) as bots:
            users = [api.user(f"User {number}") for number in range(20)]
            asking = Asking(users, every_s=_EVERY_S)
            asking.start()
            done = await _until(bots, kills, random.Random(seed))
            asking.stop()
            await all_answered(api, asking, timeout_s=_PATIENCE_S)
            repeats = asking.repeats()  # which fails where one chat's came out of order
    beyond = repeats - bots.may_be_repeated
    print(", ".join(f"{count} {name}" for name, count in sorted(done.items())))
    print(f"{asking.asked} questions, {asking.open} without an answer")
    print(f"{bots.may_be_repeated.total()} messages were in flight at a kill or pause")
    print(f"{repeats.total()} came twice, {beyond.total()} of others")


async def _until(bots: Fleet, kills: int, chance: random.Random) -> Counter[str]:
    done: Counter[str] = Counter()
    while done["kill"] < kills:
        done += await trouble(bots, rounds=4, chance=chance)
        print(f"\r{done['kill']} kills", end="", flush=True)
    print()
    return done


if __name__ == "__main__":
    main()
