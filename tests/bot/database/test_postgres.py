"""A server that is away, crashes or does not answer: nothing is lost, and nothing done twice."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError

from bot.database import reading, writing
from bot.database.postgres import PostgresDatabase
from bot.database.receipts import Receipts
from bot.database.store import Store, StoreError, insist
from bot.database.tables import holds, messages
from index.errors import ConfigurationError, StateFolderError
from tests.bot.database.test_store import held, hold
from tests.postgres import PASSWORD, PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROW = {"bot_id": 1, "chat_id": 5, "method": "sendMessage", "arguments": "{}"}
WAITING_FOR_LOCKS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
COUNT = select(func.count()).select_from(messages)


@pytest.fixture
def database(postgres_url: str) -> PostgresDatabase:
    """Return a new database on the server."""
    return PostgresDatabase.from_address(postgres_url)


@pytest.fixture
def store(database: PostgresDatabase) -> Iterator[Store]:
    """Open it."""
    store = Store(database)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a server that is away more often than needed."""
    monkeypatch.setattr(writing, "_LOOK_S", 0.02)


@pytest.fixture
def server(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """Return the server, to be stopped; it is there again afterwards."""
    yield postgres
    assert postgres.execute("SELECT 1") == "1"


def add(connection: Connection) -> None:
    """Write what is there as often as it is written."""
    connection.execute(messages.insert().inline(), ROW)


async def well(store: Store) -> None:
    """Wait until nothing is wrong."""
    async with asyncio.timeout(30):
        while store.problem:  # noqa: ASYNC110 -- it is no event
            await asyncio.sleep(0.01)


async def test_a_commit_is_on_the_disk(store: Store) -> None:
    """Before it is answered, as with a file; and nothing is waited for without end."""
    names = ("synchronous_commit", "statement_timeout", "lock_timeout", "client_encoding")
    shown = [
        await store.write(lambda c, name=name: c.execute(text(f"SHOW {name}")).scalar())  # type: ignore[misc]
        for name in names
    ]
    assert shown == ["on", "10s", "5s", "UTF8"]


def test_a_server_that_is_away_is_one_clear_line(
    database: PostgresDatabase, server: PostgresServer
) -> None:
    """With where it was looked for, and no password."""
    with server.stopped(), pytest.raises(StoreError) as caught:
        Store(database)
    said = str(caught.value)
    assert said.startswith(f"PostgreSQL at 127.0.0.1:{server.port}/test_")
    assert "can't be opened: " in said
    assert "refused" in said
    assert "\n" not in said


def test_a_wrong_password_is_not_shown(server: PostgresServer) -> None:
    """Neither is the right one."""
    address = f"postgresql://bot:not-{PASSWORD[:2]}s3cret@127.0.0.1:{server.port}/postgres"
    with pytest.raises(StoreError, match="password authentication failed") as caught:
        Store(PostgresDatabase.from_address(address))
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ConfigurationError, match=r"^DATABASE_URL: should look like") as wrong:
        PostgresDatabase.from_address("postgresql://bot:s3cret@host:port/db")
    assert "s3cret" not in str(wrong.value)


def test_an_opening_that_fails_leaves_nothing_open(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again until the server has room: what it kept would be in its own way."""

    def fail(_connection: Connection) -> None:
        raise OperationalError("", None, RuntimeError("too many clients"))

    monkeypatch.setattr(writing, "Receipts", fail)
    before = set(threading.enumerate())
    with pytest.raises(StoreError, match="too many clients"):
        Store(database)
    assert set(threading.enumerate()) <= before


def test_another_encoding_is_refused(server: PostgresServer) -> None:
    """People write in all scripts."""
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(StateFolderError, match="is in LATIN1"):
        Store(PostgresDatabase.from_address(server.url("latin")))


@pytest.mark.parametrize("crash", [False, True], ids=["stopped", "crashed"])
async def test_a_server_that_was_away_is_found_again(
    store: Store, server: PostgresServer, *, crash: bool
) -> None:
    """Meanwhile reads and writes fail with the reason; afterwards all is as it was."""
    assert await store.write(lambda c: hold(1, c)) == 1
    with server.stopped(crash=crash):
        with pytest.raises(StoreError, match=r"^PostgreSQL at .* can't be written: "):
            await store.write(lambda c: hold(2, c))
        with pytest.raises(StoreError, match=r"^PostgreSQL at .* can't be read: "):
            held(store)
        assert store.problem.startswith("PostgreSQL at ")
        insisting = asyncio.ensure_future(insist(lambda: store.write(lambda c: hold(3, c))))
        await asyncio.sleep(0)
        assert not insisting.done()
    assert await insisting == 3
    assert held(store) == [1, 3]
    await well(store)


async def test_a_restart_that_nobody_waits_for_is_noticed_by_nobody(
    store: Store, server: PostgresServer
) -> None:
    """The connections of before are made anew by whoever needs them first."""
    await store.write(lambda c: hold(1, c))
    with server.stopped():
        pass
    assert await store.write(lambda c: hold(2, c)) == 2
    await well(store)


async def test_a_problem_ends_by_itself(store: Store, server: PostgresServer) -> None:
    """Where nobody writes and nobody reads any more: who is not ready is sent nothing."""
    with server.stopped():
        with pytest.raises(StoreError):
            await store.write(lambda c: hold(1, c))
        with pytest.raises(StoreError):
            held(store)
    await well(store)


@pytest.mark.parametrize("is_in", [True, False])
async def test_a_lost_answer_to_a_commit_is_looked_up(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, is_in: bool
) -> None:
    """What went through is not done again, what did not is: either way it is there once."""
    writer = store._writer._connection
    commit, rollback = writer.commit, writer.rollback

    def lose() -> None:
        monkeypatch.setattr(writer, "commit", commit)
        (commit if is_in else rollback)()
        writer.invalidate()
        raise OperationalError("COMMIT", {}, Exception("lost"), connection_invalidated=True)

    monkeypatch.setattr(writer, "commit", lose)
    works = [add, lambda c: hold(1, c), add]
    done = await asyncio.gather(*(store.write(work) for work in works))
    assert done == [None, 1, None]
    assert store.read(COUNT) == [(2,)]
    assert store.problem == ""


@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_a_commit_that_is_under_way_is_waited_for(
    database: PostgresDatabase, store: Store, end: str
) -> None:
    """Its connection is lost and its transaction not over: only its end says what came of it."""
    engine = database.engine()
    with engine.connect() as lost, engine.connect() as another:
        receipts = Receipts(lost)
        lost.begin()
        receipts.sign(lost)
        looking = asyncio.create_task(asyncio.to_thread(receipts.is_in, another))
        while store.read(WAITING_FOR_LOCKS) == [(0,)]:  # noqa: ASYNC110 -- it is no event
            await asyncio.sleep(0.01)
        getattr(lost, end)()
        assert await looking is (end == "commit")


async def test_crashes_lose_nothing_and_double_nothing(
    store: Store, server: PostgresServer
) -> None:
    """Whoever insists has it written exactly once, whenever the server ends."""
    is_over = False
    done = 0

    async def go_on() -> None:
        nonlocal done
        while not is_over:
            await insist(lambda: store.write(add))
            done += 1

    going = [asyncio.create_task(go_on()) for _ in range(20)]
    for _ in range(3):
        before = done
        while done < before + 200:  # noqa: ASYNC110 -- it is no event
            await asyncio.sleep(0.01)
        await asyncio.to_thread(server.stop, crash=True)
        await asyncio.to_thread(server.start)
    is_over = True
    await asyncio.gather(*going)
    assert store.read(COUNT) == [(done,)]


async def test_a_deadlock_is_nobodys_fault(database: PostgresDatabase, store: Store) -> None:
    """The server ends one of two that wait for each other; it is simply done again."""
    other = Store(database)
    for chat_id in (1, 2):
        await store.write(lambda c, chat=chat_id: hold(chat, c))  # type: ignore[misc]
    meeting = threading.Barrier(2)

    def move(first: int, second: int, connection: Connection) -> None:
        for at, chat_id in enumerate((first, second)):
            later = holds.update().where(holds.c.chat_id == chat_id)
            connection.execute(later.values(until=holds.c.until + 1))
            if at == 0:
                with suppress(threading.BrokenBarrierError):  # the second time there is nobody
                    meeting.wait(1)

    await asyncio.gather(
        store.write(lambda c: move(1, 2, c)), other.write(lambda c: move(2, 1, c))
    )
    other.close()
    assert store.read(select(holds.c.until)) == [(4.0,), (4.0,)]


async def test_a_server_that_does_not_answer_holds_up_one_read(
    store: Store, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others fail at once, and health says so, until it answers again; writes are kept."""
    monkeypatch.setattr(reading, "_READ_S", 0.1)
    monkeypatch.setattr(writing, "_SLOW_S", 0.2)
    with server.frozen():
        writing_it = asyncio.ensure_future(store.write(lambda c: hold(1, c)))
        with pytest.raises(StoreError, match="can't be read: it does not answer"):
            held(store)
        monkeypatch.setattr(reading, "_READ_S", 600)
        for _ in range(100):
            with pytest.raises(StoreError, match="can't be read: it does not answer"):
                held(store)
        while not store.problem.endswith("does not answer"):  # noqa: ASYNC110 -- it is no event
            await asyncio.sleep(0.01)
    assert await writing_it == 1
    while store._reader._late is not None:  # type: ignore[union-attr]
        with suppress(StoreError):
            held(store)
        await asyncio.sleep(0.01)
    assert held(store) == [1]
    await well(store)


def test_closing_does_not_wait_for_a_server_that_does_not_answer(
    database: PostgresDatabase, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not committed then was never answered, and is done at the next start."""
    monkeypatch.setattr(writing, "_CLOSE_S", 0.1)
    monkeypatch.setattr(reading, "_READ_S", 0.1)
    store = Store(database)
    with server.frozen():
        loop = asyncio.new_event_loop()
        store._writer.put(add, loop.create_future())
        loop.close()
        store.close()
    store._writer._thread.join()
    store._reader._thread.join()  # type: ignore[union-attr]
