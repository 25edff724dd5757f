"""What stands between an update and its answer when something in between goes wrong."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from telegram import Update
from telegram.ext import CommandHandler

from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
from bot.delivery import beside
from bot.delivery import service as service_module
from bot.delivery.inbox import Inbox
from bot.delivery.outgoing import Messages, Outgoing
from bot.delivery.sent import Sent
from bot.delivery.service import KINDS
from bot.desk import Desk
from bot.sharing.claims import Duty
from bot.texts import ENGLISH
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever
from tests.botapi import BotApi

SHOWN = "It was late."


async def test_work_that_fails_costs_the_answer_and_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that can't be written with all that belongs to it becomes an apology, once."""

    def fail(_: Connection) -> None:
        raise KeyError("a fault")

    async with BotApi() as api, running(api, ScriptedRetriever(), tmp_path) as service:

        async def forget(update: Update, _context: Any) -> None:
            assert update.effective_chat is not None
            arguments = {"text": "done"}
            message = Outgoing(chat_id=update.effective_chat.id, arguments=arguments)
            service._handling._drafts.add(update.update_id, message)
            service._handling._drafts.also(update.update_id, fail)

        service._application.add_handler(CommandHandler("forget", forget), -1)
        user = api.user()
        await user.say("/forget")
        assert (await user.wait_reply()).text == ENGLISH("failed")
        await user.say("was it?")
        assert (await user.wait_reply()).text.startswith(SHOWN)
        assert service._inbox.unfinished() == []
    assert "KeyError: 'a fault'" in caplog.text


async def test_a_fault_leaves_nothing_half_said(tmp_path: Path) -> None:
    """What a handler had drafted by then is dropped: an answer comes whole, or an apology."""
    async with BotApi() as api, running(api, ScriptedRetriever(), tmp_path) as service:

        async def fail_half_way(update: Update, _context: Any) -> None:
            assert update.effective_chat is not None
            message = Outgoing(chat_id=update.effective_chat.id, arguments={"text": "half"})
            service._handling._drafts.add(update.update_id, message)
            raise KeyError("a fault")

        service._application.handlers[0].insert(0, CommandHandler("half", fail_half_way))
        user = api.user()
        await user.say("/half")
        assert (await user.wait_reply()).text == ENGLISH("failed")
        await user.say("/help")
        assert (await user.wait_reply()).text == ENGLISH("help")


async def test_what_no_handler_takes_is_done(tmp_path: Path) -> None:
    """Every kind of update is taken, and none of those that nobody handles is answered."""
    async with BotApi() as api, running(api, ScriptedRetriever(), tmp_path) as service:
        api.enable_inline()
        user = api.user()
        question = await user.say("was it?")
        answer = await user.wait_reply()
        await user.edit(question, "was it not?")
        await user.press(answer, data="../../etc/passwd\0' OR 1=1 --")
        await user.ask_inline("was it?")
        user.block()
        await user.start()
        assert (await user.wait_reply()).text == ENGLISH("start")
        await user.say("was it?")
        await user.wait_reply()
        rows = service.store.read(
            text("SELECT state, count(*) FROM updates GROUP BY 1 ORDER BY 1")
        )
        assert [state for state, _ in rows] == ["done"]
        assert len(api.calls.of("sendMessage")) == 3
        assert len(KINDS) == 6


async def test_a_lane_goes_on_after_a_fault_of_the_program(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever can't be handled is set aside, and what is behind it in its chat is answered."""
    async with BotApi() as api, running(api, ScriptedRetriever(), tmp_path) as service:
        real = service._application.process_update

        async def failing(update: Update) -> None:
            if update.message is not None and update.message.text == "broken":
                raise RuntimeError("a fault")
            await real(update)

        monkeypatch.setattr(service._application, "process_update", failing)
        user = api.user()
        await user.say("broken")
        await user.say("was it?")
        assert (await user.wait_reply()).text.startswith(SHOWN)
        rows = service.store.read(text("SELECT state FROM updates ORDER BY update_id"))
        assert rows[0] == ("set aside",)
    assert caplog.text.count("could not be handled, set aside") == 1


async def test_what_hangs_alone_is_left_to_its_lane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suspect that never ends does not keep the bot from starting."""
    monkeypatch.setattr(service_module, "_ALONE_S", 0.05)
    monkeypatch.setattr(service_module, "_SUSPECT_ATTEMPTS", 0)
    retriever = ScriptedRetriever()
    retriever.slow = "slow"
    async with BotApi() as api:
        user = api.user()
        await user.say("/start")
        store = Store(SqliteDatabase(tmp_path / "bot.db"))
        me = int(api.token.partition(":")[0])
        inbox = Inbox(store, Messages(store, Sent(store, me), me), me)
        await user.say("slow")
        await inbox.receive([each.body for each in api.updates.pending])
        store.close()
        async with running(api, retriever, tmp_path):
            assert (await user.wait_reply()).text == ENGLISH("start")
            retriever.gate.set()
            assert (await user.wait_reply()).text.startswith(SHOWN)
        assert user.unread == []


async def test_work_beside_the_updates_is_begun_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program ends it with a traceback in the log, and not for ever."""
    monkeypatch.setattr(beside, "_ANEW_S", 0)
    faults, is_anew = [RuntimeError("a fault")], asyncio.Event()

    async def work() -> None:
        if faults:
            raise faults.pop()
        is_anew.set()

    class Feature:
        def __init__(self, desk: Desk) -> None:
            desk.beside(Duty.ANNOUNCING, work)

        def register(self, _application: object) -> None:
            """Take no updates."""

    retriever = ScriptedRetriever()
    async with BotApi() as api, running(api, retriever, tmp_path, features=[Feature]):
        await is_anew.wait()
    assert caplog.text.count("RuntimeError: a fault") == 1
