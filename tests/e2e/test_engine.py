"""The real bot over a real engine that is down at the start, then up, then killed, then back."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.texts import ENGLISH
from tests.botapi import BotApi
from tests.e2e.conftest import SEEDS, TIMEOUT_S, Command
from tests.e2e.test_bot_process import Ended, bot_process, end_of
from tests.e2e.test_health import asked, until
from tests.ports import free_port

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.model,
    pytest.mark.milvus,
    pytest.mark.skipif(
        not all(map(importlib.util.find_spec, ("pymilvus", "milvus_lite"))),
        reason="pymilvus and milvus-lite are not installed",
    ),
]

QUESTION = "where is Harasta?"
ANSWER = "a suburb of Damascus"
AWAY = ENGLISH("index-away")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What people saw, and what was said of health, in each state of the engine."""

    replies: dict[str, str]
    health: dict[str, tuple[int, dict[str, Any]]]
    results: list[dict[str, Any]]
    button: dict[str, Any]
    status: str
    asked_here: tuple[int, str]
    built: str
    ended: Ended


async def live_through(folders: tuple[str | Path, ...], tmp_path: Path, verbatim: Command) -> Seen:
    """Ask in every state of the engine; the bot has a state folder of its own, with no index."""
    from tests.served.serving import Server  # noqa: PLC0415 - it may not be installed

    server, port = Server(tmp_path / "milvus"), free_port()
    where = {"INDEX_URL": server.url, "INDEX_TIMEOUT_S": "3"}
    own = ("--seeds", tmp_path / "none", "--state", tmp_path / "state")
    models = Path(folders[-1]) / "models"
    shutil.copytree(models, tmp_path / "state" / "models")  # which takes long to export
    replies: dict[str, str] = {}
    health: dict[str, tuple[int, dict[str, Any]]] = {}
    try:
        async with (
            BotApi() as api,
            bot_process(
                api, own, tmp_path, token=api.token, HEALTH_PORT=str(port), **where
            ) as process,
        ):
            api.enable_inline()
            await api.updates.wait_for_poller(timeout_s=TIMEOUT_S)
            user = api.user("Ada")

            async def ask(state: str) -> Any:
                await user.say(QUESTION)
                reply = await user.wait_reply(timeout_s=60)
                replies[state] = reply.text
                health[state] = await asked(port, "readyz")
                return reply

            await ask("down")
            await asyncio.to_thread(server.start)
            ran = await asyncio.to_thread(verbatim, "build", *folders, **where)
            await until(port, "readyz", 200)
            card = await ask("up")
            shown = await asyncio.to_thread(verbatim, "status", *folders, **where)
            here = await asyncio.to_thread(verbatim, "ask", QUESTION, *own, **where)
            await asyncio.to_thread(server.kill)
            await until(port, "readyz", 503)
            await ask("killed")
            press = await user.press(card, card.buttons[0]["text"])
            await press.wait_answer()
            replies["pressed"] = (await user.wait_reply(timeout_s=60)).text
            query = await user.ask_inline("where is Harasta")
            results = await query.wait_results()
            await asyncio.to_thread(server.start)
            await until(port, "readyz", 200)
            await ask("back")
            process.terminate()
            ended = await end_of(process)
            return Seen(
                replies=replies,
                health=health,
                results=results,
                button=query.answer.result().get("button", {}),
                status=shown.stdout,
                asked_here=(here.returncode, here.stdout),
                built=ran.stderr,
                ended=ended,
            )
    finally:
        server.kill()


@pytest.fixture(scope="module")
def seen(
    folders: tuple[str | Path, ...],
    verbatim: Command,
    tmp_path_factory: pytest.TempPathFactory,
) -> Seen:
    """Live through it once."""
    return asyncio.run(live_through(folders, tmp_path_factory.mktemp("engine"), verbatim))


def test_questions_are_answered_while_the_engine_is_up(seen: Seen) -> None:
    """Without an index in its own folder, and again after the engine was killed."""
    assert ANSWER in seen.replies["up"]
    assert ANSWER in seen.replies["back"]


def test_people_are_told_that_the_engine_is_away(seen: Seen) -> None:
    """In a message, at a press and inline; never with a word about where it is."""
    told = {seen.replies[state] for state in ("down", "killed", "pressed")}
    assert told == {AWAY}
    assert seen.results == []
    assert seen.button["text"] == AWAY


def test_health_says_that_the_engine_is_away(seen: Seen) -> None:
    """Not ready, with what is wrong by the name of the index; ready when it is back."""
    for state in ("down", "killed"):
        status, body = seen.health[state]
        assert status == 503
        assert "can't be reached" in body["problems"]["index"]
    for state in ("up", "back"):
        assert seen.health[state] == (200, {"ok": True, "problems": {}, "stopping": False})


def test_a_build_puts_the_index_on_the_engine(seen: Seen) -> None:
    """It says so, `status` names where it lies, and the terminal answers from it."""
    assert "verbatim: putting" in seen.built
    assert "is live at http://127.0.0.1" in seen.status
    status, answer = seen.asked_here
    assert status == 0
    assert ANSWER in answer


def test_nothing_else_goes_wrong(seen: Seen) -> None:
    """The bot ends as it should, and its log holds no traceback."""
    assert seen.ended.status == 0
    assert "Traceback" not in seen.ended.err


@pytest.mark.parametrize("command", [("ask", QUESTION), ("chat",), ("build",), ("eval",)])
def test_commands_fail_with_one_line(
    command: tuple[str, ...], folders: tuple[str | Path, ...], verbatim: Command
) -> None:
    """Where the engine can't be reached, that is said once, with what to look at."""
    url = f"http://127.0.0.1:{free_port()}"
    golden = (
        ("--golden", SEEDS.parent / "tests/golden/seeds.jsonl") if command == ("eval",) else ()
    )
    run = verbatim(*command, *golden, *folders, stdin=f"{QUESTION}\n", INDEX_URL=url)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"verbatim: the index at {url} can't be reached: is the engine up, and INDEX_URL right?"
    ]
