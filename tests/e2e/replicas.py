"""Several bots on one PostgreSQL database behind one webhook address, and what befalls them."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from tests.botapi.balancer import Balancer
from tests.e2e.delivering import FAST, START_S, bot_environment, echoed, the_forks
from tests.ports import free_port

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from tests.botapi import BotApi, RemoteBotApi, ScriptedUser
    from tests.e2e.delivering import BotProcess
    from tests.postgres import PostgresServer

ORIGIN = "https://bot.example"
LEASE_S = 3.0
_SECRET = "a-secret-of-the-webhook"
_FIRST_OF_ITS_CHATS = """
SELECT json_build_object('chat', chat_id, 'html', arguments::json ->> 'text') FROM messages
WHERE id IN (SELECT min(id) FROM messages GROUP BY chat_id) AND chat_id IN
  (SELECT number FROM claims WHERE duty = 'sending' AND owner IN ({ids}))
"""


class Fleet:
    """Replicas by number: each with a folder and a port of its own."""

    def __init__(
        self,
        api: BotApi | RemoteBotApi,
        postgres: PostgresServer,
        work_dir: Path,
        *,
        count: int,
        **settings: str,
    ) -> None:
        self._api = api
        self._postgres = postgres
        self._url = postgres.new_database()
        self._ports = [free_port() for _ in range(count)]
        self._folders = [work_dir / str(number) for number in range(count)]
        self._bots: dict[int, BotProcess] = {}
        self._settings = FAST | {"LOG_LEVEL": "INFO", "SCRIPTED_LEASE_S": str(LEASE_S)} | settings
        self.ended: list[BotProcess] = []
        self.may_be_repeated: Counter[tuple[int, str]] = Counter()

    @property
    def numbers(self) -> range:
        """All replicas."""
        return range(len(self._ports))

    @property
    def ports(self) -> list[int]:
        """Where they take updates."""
        return self._ports

    def start(self, number: int) -> BotProcess:
        """Start a replica, which takes its time."""
        folder = self._folders[number]
        folder.mkdir(exist_ok=True)
        settings = {"DATABASE_URL": self._url} | self._settings
        settings |= {
            "WEBHOOK_URL": f"{ORIGIN}/hook",
            "WEBHOOK_PORT": str(self._ports[number]),
            "WEBHOOK_SECRET": _SECRET,
        }
        bot = the_forks().fork(folder, bot_environment(self._api, **settings))
        self._bots[number] = bot
        return bot

    def start_poller(self, work_dir: Path) -> BotProcess:
        """Start a bot over the same database that is to poll."""
        settings = self._settings | {"DATABASE_URL": self._url}
        return the_forks().fork(work_dir, bot_environment(self._api, **settings))

    async def start_all(self) -> None:
        """Start all replicas and wait until they take updates."""
        for number in self.numbers:
            self.start(number)
        for number in self.numbers:
            await self.ready(number)

    async def ready(self, number: int) -> None:
        """Wait until a replica takes updates."""
        bot = self._bots[number]
        async with asyncio.timeout(START_S):
            while not await _is_open(self._ports[number]):
                assert bot.status is None, bot.log
                await asyncio.sleep(0.05)

    async def end(self, number: int, how: signal.Signals) -> int:
        """End a replica, note what it may have sent and not struck off; return its status."""
        bot = self._bots.pop(number)
        status = await bot.end(how, timeout_s=60)
        if how == signal.SIGKILL:
            self._note(bot)
        self.ended.append(bot)
        return status

    async def pause(self, number: int, seconds: float) -> None:
        """Let a replica stand still for a while."""
        bot = self._bots[number]
        bot.send(signal.SIGSTOP)
        self._note(bot)
        await asyncio.sleep(seconds)
        bot.send(signal.SIGCONT)

    def number_of(self, replica_id: str) -> int:
        """Return which replica has said that it is at work under an id."""
        (number,) = (n for n, bot in self._bots.items() if f"as replica {replica_id}" in bot.log)
        return number

    def rows(self, query: str) -> list[str]:
        """Return what the database has, one line for each row."""
        database = self._url.rpartition("/")[2]
        return self._postgres.execute(query, database).splitlines()

    async def close(self) -> None:
        """End whatever runs."""
        for bot in self._bots.values():
            await bot.end(signal.SIGKILL)  # also a paused one

    def _note(self, bot: BotProcess) -> None:
        ids = ", ".join(f"'{each}'" for each in re.findall(r"as replica (\w+)", bot.log)) or "''"
        for line in self.rows(_FIRST_OF_ITS_CHATS.format(ids=ids)):
            row = json.loads(line)
            question = re.sub("<.*?>", "", row["html"]).partition("\n")[0]
            self.may_be_repeated[row["chat"], question] += 1


async def _is_open(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


@asynccontextmanager
async def fleet(
    api: BotApi, postgres: PostgresServer, work_dir: Path, *, count: int = 3, **settings: str
) -> AsyncIterator[Fleet]:
    """Start replicas behind the one address that Telegram knows."""
    made = Fleet(api, postgres, work_dir, count=count, **settings)
    async with AsyncExitStack() as stack:
        balancer = await stack.enter_async_context(Balancer(made.ports, patience_s=1.0))
        stack.push_async_callback(made.close)
        api.proxy(ORIGIN, to=balancer.url)
        await made.start_all()
        yield made


class Asking:
    """Users who ask in turn and without end, and what they are answered."""

    def __init__(self, users: Sequence[ScriptedUser], *, every_s: float) -> None:
        self._users = users
        self._every_s = every_s
        self._asked: dict[int, list[str]] = {user.id: [] for user in users}
        self._answered: dict[int, list[str]] = {user.id: [] for user in users}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._ask())

    def stop(self) -> None:
        """Ask nothing more."""
        if self._task is not None:
            self._task.cancel()

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return sum(map(len, self._asked.values()))

    @property
    def open(self) -> int:
        """How many questions have no answer yet."""
        for user in self._users:
            self._answered[user.id] += map(echoed, user.unread)
        return self.asked - sum(len(set(each)) for each in self._answered.values())

    def repeats(self) -> Counter[tuple[int, str]]:
        """Return how often more than once questions were answered, by user.

        Raises:
            AssertionError: not all of them were, or not in their order.
        """
        repeats: Counter[tuple[int, str]] = Counter()
        for user_id, answers in self._answered.items():
            times = Counter(answers)
            assert list(times) == self._asked[user_id]  # in the order of the first of each
            repeats.update({(user_id, question): n - 1 for question, n in times.items() if n > 1})
        return repeats

    async def _ask(self) -> None:
        number = 0
        while True:
            user = self._users[number % len(self._users)]
            question = f"question {number}"
            self._asked[user.id].append(question)
            await user.say(question)
            number += 1
            await asyncio.sleep(self._every_s)


async def all_answered(api: BotApi, asking: Asking, *, timeout_s: float = 120.0) -> None:
    """Wait until every question has an answer, without Telegram's waits before it repeats one."""
    async with asyncio.timeout(timeout_s):
        while asking.open:
            api.clock.advance(60)
            await asyncio.sleep(0.2)


async def trouble(fleet: Fleet, *, rounds: int, chance: random.Random) -> Counter[str]:
    """Kill, end and pause replicas at random, some of them at once; return what was done."""

    async def kill(number: int) -> None:
        assert await fleet.end(number, signal.SIGKILL) == -signal.SIGKILL
        await restart(number)

    async def end(number: int) -> None:
        assert await fleet.end(number, signal.SIGTERM) == 0
        await restart(number)

    async def restart(number: int) -> None:
        await asyncio.sleep(chance.uniform(0, 1))
        fleet.start(number)
        await fleet.ready(number)

    async def pause(number: int) -> None:
        await fleet.pause(number, chance.uniform(0.1, LEASE_S / 2))

    async def pause_long(number: int) -> None:
        await fleet.pause(number, LEASE_S + chance.uniform(0.5, 2))

    done: Counter[str] = Counter()
    under_way: dict[int, asyncio.Task[None]] = {}
    for _ in range(rounds):
        number = chance.choice(fleet.numbers)
        if number in under_way:
            await under_way[number]
        act = chance.choice([kill, end, pause, pause_long])
        done[act.__name__] += 1
        under_way[number] = asyncio.create_task(act(number))
        await asyncio.sleep(chance.uniform(0, 1.5))
    await asyncio.gather(*under_way.values())
    return done
