"""The bot put together: how it starts, and what it says when it can't."""

import asyncio
import gc
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest

from bot.app import build_application, run_bot
from bot.delivery import reaching
from bot.errors import TelegramUnavailableError, TokenRefusedError
from bot.handlers import ADMIN_COMMANDS, COMMANDS
from bot.menus import introduce
from bot.settings import Settings
from bot.texts import ENGLISH, LANGUAGES, texts_for
from index.errors import ConfigurationError, StateFolderError
from index.locking import lock_at
from tests.bot.samples import TEXT, ScriptedRetriever
from tests.botapi import BotApi
from tests.botapi import refusal as refused
from tests.botapi.server import TOKEN

if TYPE_CHECKING:
    from bot.questions.answerer import Answerer

pytestmark = pytest.mark.usefixtures("clean_logging")

T = TypeVar("T")


class ServerThread:
    """A Bot API server on a loop in another thread, since `run_bot` needs the main one."""

    def __init__(self) -> None:
        self.api = BotApi()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine beside the server."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self.submit(self.api.start()).result(10)

    def stop(self) -> None:
        """End the server, its loop and its thread."""
        self.submit(self.api.stop()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def server() -> Iterator[ServerThread]:
    """Start a server that ends with the test."""
    thread = ServerThread()
    thread.start()
    yield thread
    thread.stop()


def settings_for(base_url: str, token: str | None = TOKEN) -> Settings:
    """Return settings for a server."""
    return Settings.model_validate(
        {
            "telegram_bot_token": token,
            "telegram_api_base_url": base_url,
            "log_level": "DEBUG",
            "hits": 2,
        }
    )


def start(settings: Settings, retriever: ScriptedRetriever) -> None:
    """Run the bot over a scripted retriever."""
    run_bot(settings, cast("Answerer", retriever))


def refusal(
    settings: Settings, kind: type[Exception], capsys: pytest.CaptureFixture[str]
) -> tuple[str, str]:
    """Return what is raised when the bot is started, and what is logged meanwhile."""
    with pytest.raises(kind) as caught:
        start(settings, ScriptedRetriever())
    gc.collect()  # shows what was left open
    assert "\n" not in str(caught.value)
    out, err = capsys.readouterr()
    assert out == ""
    return str(caught.value), err


def test_a_token_is_needed() -> None:
    """Without a token nothing is started, not even the model."""
    retriever = ScriptedRetriever()
    with pytest.raises(ConfigurationError) as caught:
        start(settings_for("http://127.0.0.1:1", token=None), retriever)
    assert str(caught.value) == (
        "TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it in .env"
    )
    assert not retriever.is_warm


def test_a_refused_token_is_one_clear_error(
    server: ServerThread, capsys: pytest.CaptureFixture[str]
) -> None:
    """A token that Telegram refuses is said in one line, and never shown."""
    wrong = "123456789:wrong-token-that-opens-nothing"
    said, logged = refusal(settings_for(server.api.base_url, wrong), TokenRefusedError, capsys)
    assert said == (
        "Telegram refuses TELEGRAM_BOT_TOKEN: ask @BotFather for the bot's current token"
    )
    assert "Traceback" not in logged
    assert wrong not in logged


def test_an_unreachable_server_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that does not answer is named in one line, after the attempts are used up."""
    monkeypatch.setattr(reaching, "_ATTEMPTS", 0)
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        said, logged = refusal(settings_for(url), TelegramUnavailableError, capsys)
    assert said.startswith(f"Telegram can't be reached at {url}: ")
    assert "Traceback" not in logged
    assert TOKEN not in said + logged


def test_a_start_that_fails_keeps_no_lock(own_folder: Path, server: ServerThread) -> None:
    """Whoever mends the file may start again, from the same program too."""
    (own_folder / ".verbatim").mkdir()
    (own_folder / ".verbatim" / "bot.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StateFolderError, match="can't be opened"):
        start(settings_for(server.api.base_url), ScriptedRetriever())
    [path] = (own_folder / ".verbatim").glob("bot-*.lock")
    release = lock_at(path)
    assert release is not None
    release()


async def test_a_menu_that_cannot_be_set_does_not_stop_the_bot(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without its menu the bot still answers, and the log says what is missing."""
    async with BotApi() as api:
        await introduced(api, before_the_menu=api.revoke_token)
    assert "the command menu could not be set" in caplog.text


async def test_admins_have_more_in_their_menus() -> None:
    """Each in the chat with the bot, in each language; nobody else sees it."""
    async with BotApi() as api:
        admin = api.user()
        await introduced(api, admin_ids=[admin.id])
        scope = {"type": "chat", "chat_id": admin.id}
        for language, given in (("en", {}), ("ar", {"language_code": "ar"})):
            menu = api.account.commands.get({"scope": scope} | given)
            texts = texts_for(language)
            assert menu == [
                {"command": name, "description": texts(f"command-{name}")}
                for name in (*COMMANDS, *ADMIN_COMMANDS)
            ]
            assert len(api.account.commands.get(given)) == len(COMMANDS)


async def test_an_admins_menu_that_can_not_be_set_is_no_matter(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Telegram knows no chat with an admin who has never written; the others have theirs."""
    caplog.set_level(logging.INFO)
    async with BotApi() as api:
        admin = api.user()
        unknown = 77
        api.faults.add("setMyCommands", nth=len(LANGUAGES) + 1, fault=refused(400, "Bad Request"))
        await introduced(api, admin_ids=[unknown, admin.id])
        assert "an admin's command menu could not be set" in caplog.text
        scope = {"type": "chat", "chat_id": admin.id}
        assert len(api.account.commands.get({"scope": scope})) > len(COMMANDS)


async def introduced(
    api: BotApi,
    *,
    before_the_menu: Callable[[], None] = lambda: None,
    admin_ids: Iterable[int] = (),
) -> None:
    """Start an application as far as its introduction, and end it."""
    application = build_application(token=api.token, api_base_url=api.base_url)
    async with application:
        before_the_menu()
        await introduce(application, admin_ids)


async def test_the_command_menu_is_registered() -> None:
    """The menu that Telegram shows is the one in the texts."""
    async with BotApi() as api:
        await introduced(api)
        assert api.account.commands.get({}) == [
            {"command": name, "description": ENGLISH(f"command-{name}")} for name in COMMANDS
        ]
        assert api.account.commands.get({"language_code": "ar"}) == [
            {"command": name, "description": texts_for("ar")(f"command-{name}")}
            for name in COMMANDS
        ]


async def test_a_base_url_may_have_a_path_and_a_slash() -> None:
    """A self-hosted server may live below a path; its slash at the end is not doubled."""
    application = build_application(token=TOKEN, api_base_url="https://host.example/telegram/")
    assert application.bot.base_url == f"https://host.example/telegram/bot{TOKEN}"
    assert application.bot.base_file_url == f"https://host.example/telegram/file/bot{TOKEN}"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
def test_the_bot_answers_until_a_signal_ends_it(
    server: ServerThread, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the warm-up to the signal: ready before the first call, then menu, poll, answer."""
    api = server.api
    calls_at_warm_up: list[object] = []

    class Watched(ScriptedRetriever):
        def warm_up(self) -> None:
            calls_at_warm_up.extend(api.calls.latest(10))
            super().warm_up()

    async def conversation() -> str:
        try:
            await api.updates.wait_for_poller(timeout_s=30)
            user = api.user()
            await user.say("was it?")
            return (await user.wait_reply()).text
        finally:
            if api.calls.of("getUpdates"):  # by then the bot has taken over the signals
                os.kill(os.getpid(), signal.SIGTERM)

    retriever = Watched()
    replied = server.submit(conversation())
    start(settings_for(api.base_url), retriever)
    assert replied.result(10) == f"{TEXT}\n— The Gate\n¶ 2 of 5"
    assert retriever.is_warm
    assert calls_at_warm_up == []
    assert retriever.limits == [10]
    methods = [call.method for call in api.calls.latest(100)]
    assert methods.index("setMyCommands") < methods.index("getUpdates")
    assert json.loads(api.calls.of("getUpdates")[-1].parameters["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "chosen_inline_result",
        "my_chat_member",
    ]
    out, err = capsys.readouterr()
    assert out == ""
    assert "bot.menus: answering as @verbatim_test_bot\n" in err
    assert TOKEN not in err
