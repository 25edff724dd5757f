"""What is written is kept, and one write's fault is not another's: on both databases."""

import asyncio
from traceback import format_exception

import pytest
from sqlalchemy import Connection, func, select, text

from bot.database.errors import WriteFaultError
from bot.database.keeping import insert_or_keep, insert_or_replace
from bot.database.kinds import Database
from bot.database.store import Store
from bot.database.tables import cards, holds


def hold(chat_id: int, connection: Connection) -> int:
    """Write a row; return the chat."""
    connection.execute(
        holds.insert(), {"bot_id": 1, "chat_id": chat_id, "until": 2.0, "since": 1.0}
    )
    return chat_id


def held(store: Store) -> list[int]:
    """Return the chats that were written."""
    return [chat_id for (chat_id,) in store.read(select(holds.c.chat_id).order_by("chat_id"))]


async def test_writes_return_and_can_be_read(store: Store) -> None:
    """Many writes at once each return what they did, and all of it is there."""
    chats = await asyncio.gather(
        *(store.write(lambda c, chat=chat: hold(chat, c)) for chat in range(500))  # type: ignore[misc]
    )
    assert chats == list(range(500))
    assert store.read(select(func.count()).select_from(holds)) == [(500,)]


async def test_a_failing_write_takes_nobody_with_it(store: Store) -> None:
    """Of writes that share a commit, the one at fault fails, whole, and the others are kept."""

    def fail(connection: Connection) -> None:
        hold(7, connection)
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    def give_up(connection: Connection) -> None:
        hold(8, connection)
        raise KeyError("a fault")

    first, failed, gave_up, last = await asyncio.gather(
        store.write(lambda c: hold(1, c)),
        store.write(fail),
        store.write(give_up),
        store.write(lambda c: hold(2, c)),
        return_exceptions=True,
    )
    assert (first, last) == (1, 2)
    assert isinstance(failed, WriteFaultError)
    assert "nowhere" in str(failed)
    assert isinstance(gave_up, KeyError)
    assert held(store) == [1, 2]
    assert store.problem == ""


async def test_an_error_does_not_show_what_was_written(store: Store) -> None:
    """It may be logged, and people's words may not."""
    row = {"bot_id": 1, "chat_id": 1, "question_id": 1, "id": "c", "changed_at": 1.0}
    wrong = [row | {"body": "secret words", "question_id": None}]
    with pytest.raises(WriteFaultError, match="question_id") as caught:
        await store.write(lambda c: c.execute(cards.insert(), wrong))
    assert "secret" not in "".join(format_exception(caught.value))


async def test_a_row_with_the_same_key_is_kept_or_replaced(store: Store) -> None:
    """Whoever inserts is told by the count; a replaced row has defaults where nothing is said."""
    keep, replace = insert_or_keep(holds), insert_or_replace(holds)
    row = {"bot_id": 1, "chat_id": 5, "until": 2.0}
    counts = [
        await store.write(lambda c, row=each: c.execute(keep, row).rowcount)  # type: ignore[misc]
        for each in (row | {"since": 1.0}, row | {"since": 3.0})
    ]
    assert counts == [1, 0]
    assert store.read(select(holds)) == [(1, 5, 2.0, 1.0)]
    await store.write(lambda c: c.execute(replace, row | {"until": 4.0}))
    assert store.read(select(holds)) == [(1, 5, 4.0, 0.0)]


async def test_what_was_written_is_there_after_a_restart(database: Database) -> None:
    """A database of this version is opened as it is, again and again."""
    for chat_id in range(3):
        store = Store(database)
        assert held(store) == list(range(chat_id))
        await store.write(lambda c, chat=chat_id: hold(chat, c))  # type: ignore[misc]
        store.close()


async def test_what_was_asked_for_before_the_end_is_done(database: Database) -> None:
    """Closing waits for it."""
    store = Store(database)
    written = asyncio.ensure_future(store.write(lambda c: hold(1, c)))
    await asyncio.sleep(0)
    store.close()
    assert await written == 1
