"""/stats: what admins see of what was asked."""

import logging
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.delivery.service import Service
from bot.handlers import stats as module
from bot.incoming import Incoming
from bot.logs import configure_logging
from bot.memory.asked import Asked
from bot.texts import ENGLISH
from index.types import Verdict
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever, make_answer, make_hit
from tests.botapi import BotApi

DAY_S = 86_400


async def note(
    service: Service,
    question: str,
    verdict: Verdict = Verdict.ANSWERED,
    *,
    ms: float = 10,
    days_ago: float = 0,
) -> None:
    """Keep a question that somebody asked."""
    number = service.store.read(text("SELECT count(*) FROM asked"))[0][0]
    incoming = Incoming(
        update_id=-1 - number,
        chat_id=5,
        is_private=True,
        thread_id=None,
        user_id=5,
        message_id=1,
        reply_to_id=None,
        sent_at=0,
        text=question,
        texts=ENGLISH,
    )
    answer = make_answer(make_hit(), verdict=verdict, question=question)
    asked = Asked(service.store, service.bot_id)
    await service.store.write(lambda c: asked.add_within(c, incoming, answer, ms=ms))
    at = time.time() - days_ago * DAY_S
    await service.store.write(
        lambda c: c.execute(
            text("UPDATE asked SET at = :at WHERE update_id = :it"), {"at": at, "it": -1 - number}
        )
    )


async def test_admins_see_what_was_asked(tmp_path: Path) -> None:
    """Counts, the slowest, and what had no answer, alike questions together, the biggest first."""
    async with BotApi() as api:
        admin = api.user("Boss")
        async with running(api, ScriptedRetriever(), tmp_path, admin_ids=[admin.id]) as service:
            await note(service, "who built the bridge", Verdict.NO_ANSWER, days_ago=3)
            await note(service, "was it?", ms=1234.4)
            await note(service, "why not?", Verdict.UNSURE, ms=900, days_ago=8)
            await note(service, "the bridge: who built?", Verdict.NO_ANSWER, days_ago=2)
            await note(service, "how deep is the well", Verdict.NO_ANSWER, ms=20, days_ago=1.5)
            await note(service, "who\nbuilt the bridge?", Verdict.NO_ANSWER, days_ago=20)
            await note(service, "long ago", Verdict.NO_ANSWER, days_ago=31)
            await admin.say("/stats")
            assert (await admin.wait_reply()).text == (
                "Questions: 1 in 24 hours, 4 in 7 days, 6 in 30 days\n"
                "Of those in 30 days, 67 % had no answer, and 17 % an unsure one.\n"
                "Thumbs in 30 days: 0 up, 0 down\n"
                "\n"
                "The slowest:\n"
                "1,234 ms – was it?\n"
                "900 ms – why not?\n"
                "20 ms – how deep is the well\n"
                "\n"
                "What had no answer, alike questions together:\n"
                "3 × the bridge: who built?\n"
                "1 × how deep is the well"
            )


async def test_without_questions_there_is_little_to_say(tmp_path: Path) -> None:
    """No share of nothing."""
    async with BotApi() as api:
        admin = api.user("Boss")
        async with running(api, ScriptedRetriever(), tmp_path, admin_ids=[admin.id]):
            await admin.say("/stats")
            assert (await admin.wait_reply()).text == (
                "Questions: 0 in 24 hours, 0 in 7 days, 0 in 30 days\n"
                "Thumbs in 30 days: 0 up, 0 down"
            )


async def test_questions_count_as_they_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one once; long ones are shown by their beginning, and many by the biggest groups."""
    monkeypatch.setattr(module, "_MOST_GROUPS", 1)
    retriever = ScriptedRetriever()
    async with BotApi() as api:
        admin, user = api.user("Boss"), api.user("Ada")
        async with running(api, retriever, tmp_path, admin_ids=[admin.id]):
            for text, verdict in (("was it?", Verdict.ANSWERED), ("x " * 500, Verdict.NO_ANSWER)):
                retriever.answer = make_answer(make_hit(), verdict=verdict, question=text)
                await user.say(text)
                await user.wait_reply()
            await admin.say("/stats")
            said = (await admin.wait_reply()).text
            assert said.startswith(
                "Questions: 2 in 24 hours, 2 in 7 days, 2 in 30 days\nOf those "
            )
            assert said.endswith("\n1 × " + "x " * 74 + "x…")


async def test_nobody_else_has_the_command(tmp_path: Path) -> None:
    """Nor has an admin in a group, where others would read it."""
    async with BotApi() as api:
        admin, user = api.user("Boss"), api.user("Ada")
        group = api.supergroup("Readers", admin, user)
        group.add_bot()
        async with running(api, ScriptedRetriever(), tmp_path, admin_ids=[admin.id]):
            await user.say("/stats")
            assert (await user.wait_reply()).text == ENGLISH("unknown-command")
            await admin.say("/stats", to=group)
            await admin.say("/help", to=group)
            assert (await group.wait_reply()).text == ENGLISH("help")


@pytest.mark.parametrize("is_logged", [True, False])
@pytest.mark.usefixtures("clean_logging")
async def test_questions_are_logged_only_where_a_setting_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, is_logged: bool
) -> None:
    """As a literal, so that no line of the log is made up by whoever asks."""
    configure_logging("DEBUG")
    assert logging.getLogger("bot.questions.asking").isEnabledFor(logging.INFO)
    question = "was it?\n2026-01-01 ERROR root: a made-up line"
    retriever = ScriptedRetriever(make_answer(make_hit(), question=question))
    async with BotApi() as api, running(api, retriever, tmp_path, log_questions=is_logged):
        user = api.user()
        await user.say(question)
        await user.wait_reply()
    logged = capsys.readouterr().err
    assert (repr(question) in logged) == is_logged
    assert ("made-up" in logged) == is_logged
    assert "\n2026-01-01 ERROR" not in logged
