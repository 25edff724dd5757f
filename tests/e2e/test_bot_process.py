"""The real `verbatim bot` process against the Bot API server, on the real seeds.

A process costs seconds to start, so one conversation is held and recorded; each test reads the
record.
"""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.handlers import COMMANDS
from bot.texts import ENGLISH
from tests.botapi import BotApi, Call, Message
from tests.e2e.conftest import SEEDS, TIMEOUT_S, environment

pytestmark = [pytest.mark.e2e, pytest.mark.model]

SOLDIERS = "Soldiers in Syria defect"
DEFECTOR = "Syrian army defector: I was ordered to commit genocide"
TITLES = (DEFECTOR, SOLDIERS)
REFUSED_TOKEN = "123456789:refused-token-that-opens-nothing"

# What a person asks, and words of the passage that answers.
QUESTIONS = {
    "Who reported from Beirut?": "Hugh Macleod and Annasofie Flamand reported from Beirut",
    "/ask who is hussein harmoush": "Harmoush",
    "how many people were killed in hama": "An estimated 300 people have been killed",
}
FRANCE = "What is the capital of France?"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended, and what it wrote."""

    status: int | None
    out: str
    err: str


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """Everything that was said, and what the server saw."""

    token: str
    replies: dict[str, Message]
    calls: list[Call]
    commands: list[dict[str, str]]
    maps_at_first_call: str
    pending: int
    ended: Ended


@asynccontextmanager
async def bot_process(
    api: BotApi, folders: tuple[str | Path, ...], work_dir: Path, *, token: str, **settings: str
) -> AsyncIterator[Process]:
    """Start `verbatim bot`; whatever happens, it does not outlive the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "bot", *map(str, folders)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        cwd=work_dir,
        env=environment(
            TELEGRAM_BOT_TOKEN=token,
            TELEGRAM_API_BASE_URL=api.base_url,
            LOG_LEVEL="DEBUG",
            **settings,
        ),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def end_of(process: Process) -> Ended:
    """Wait for the end of a process."""
    async with asyncio.timeout(TIMEOUT_S):
        out, err = await process.communicate()
    return Ended(status=process.returncode, out=out.decode(), err=err.decode())


def maps_of(process: Process) -> str:
    """Return the files a process has mapped into memory, empty where the system doesn't say."""
    path = Path(f"/proc/{process.pid}/maps")
    return path.read_text("utf-8") if path.exists() else ""


async def converse(folders: tuple[str | Path, ...], work_dir: Path) -> Conversation:
    """Ask every question, read every reply, and end the process with a signal."""
    async with (
        BotApi() as api,
        bot_process(api, folders, work_dir, token=api.token) as process,
    ):
        await api.calls.wait_for("getMe", lambda _: True, timeout_s=TIMEOUT_S)
        maps = maps_of(process)
        await api.updates.wait_for_poller(timeout_s=TIMEOUT_S)
        user = api.user("Ada", username="ada")
        replies = {}
        for text in ("/start", "/help", *QUESTIONS, FRANCE, "/sources"):
            await user.say(text)
            replies[text] = await user.wait_reply(timeout_s=60)
        process.send_signal(signal.SIGTERM)
        ended = await end_of(process)
        assert user.unread == []
        return Conversation(
            token=api.token,
            replies=replies,
            calls=api.calls.latest(10_000),
            commands=api.account.commands.get({}),
            maps_at_first_call=maps,
            pending=api.updates.pending_count,
            ended=ended,
        )


async def be_refused(folders: tuple[str | Path, ...], work_dir: Path) -> Ended:
    """Start the bot with a token that the server does not know."""
    async with (
        BotApi() as api,
        bot_process(api, folders, work_dir, token=REFUSED_TOKEN) as process,
    ):
        return await end_of(process)


@pytest.fixture(scope="module")
def conversation(folders: tuple[str | Path, ...], work_dir: Path) -> Conversation:
    """Hold the conversation once."""
    return asyncio.run(converse(folders, work_dir))


@pytest.fixture(scope="module")
def refused(folders: tuple[str | Path, ...], work_dir: Path) -> Ended:
    """Be refused once."""
    return asyncio.run(be_refused(folders, work_dir))


def seed_of(title: str) -> str:
    """Return the text of the seed with this title."""
    [text] = [
        text for text in (path.read_text("utf-8") for path in SEEDS.glob("*.txt")) if title in text
    ]
    return text


@pytest.mark.parametrize(("question", "words"), QUESTIONS.items())
def test_a_question_gets_a_quote_word_for_word(
    conversation: Conversation, question: str, words: str
) -> None:
    """The first quote holds the answer, and every quote stands in its seed as it is."""
    reply = conversation.replies[question]
    quotes, bold, titles = map(reply.marked, ("blockquote", "bold", "italic"))
    assert words in quotes[0]
    assert len(quotes) == len(bold) == len(titles) <= 3
    for quote, best, title in zip(quotes, bold, titles, strict=True):
        assert quote in seed_of(title)
        assert best in quote


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_quote_stands_over_its_source(conversation: Conversation, question: str) -> None:
    """A reply is nothing but quotes, each with its title and paragraph under it."""
    reply = conversation.replies[question]
    rest = reply.text
    for number, quote in enumerate(reply.marked("blockquote")):
        before, rest = rest.split(quote, 1)
        assert before == ("" if number == 0 else "\n\n")
        source = re.match(
            rf"\n— (?:{'|'.join(map(re.escape, TITLES))})\n¶ (\d+) of (\d+)(?=\n\n|$)", rest
        )
        assert source is not None, rest
        assert 1 <= int(source[1]) <= int(source[2])
        rest = rest[source.end() :]
    assert rest == ""
    assert reply.link_preview_options == {"is_disabled": True}


def test_a_question_without_answer_is_refused(conversation: Conversation) -> None:
    """What the seeds don't hold is not answered; the closest titles are behind a button."""
    reply = conversation.replies[FRANCE]
    first, *titles = reply.text.split("\n")
    assert (first, titles) == ("Not in these documents.", [])
    assert reply.entities == ()
    assert reply.buttons[0]["text"] == ENGLISH("closest")


def test_sources_are_listed_with_their_counts(
    conversation: Conversation, first_build: object
) -> None:
    """Both documents are listed, and the counts add up to what was built."""
    lines = conversation.replies["/sources"].text.split("\n")
    assert lines[0] == "I answer from 2 documents:"
    counts = []
    for line, title in zip(lines[1:], (SOLDIERS, DEFECTOR), strict=True):
        match = re.fullmatch(rf"[12]\. {re.escape(title)} – (\d+) passages", line)
        assert match is not None, line
        counts.append(int(match[1]))
    assert f" {sum(counts)} passages, " in getattr(first_build, "stdout", "")


def test_commands_are_answered(conversation: Conversation) -> None:
    """/start and /help say what they say everywhere."""
    assert conversation.replies["/start"].text == ENGLISH("start")
    assert conversation.replies["/help"].text == ENGLISH("help")


def test_the_menu_is_registered_before_polling(conversation: Conversation) -> None:
    """The command menu stands before the first update is fetched."""
    assert conversation.commands == [
        {"command": name, "description": ENGLISH(f"command-{name}")} for name in COMMANDS
    ]
    methods = [call.method for call in conversation.calls]
    assert methods.index("setMyCommands") < methods.index("getUpdates")


def test_typing_is_shown_for_each_question(conversation: Conversation) -> None:
    """Before each answer the person sees that the bot is at work; commands need no such sign."""
    made = [call for call in conversation.calls if call.method.startswith("send")]
    shown = [call.method == "sendChatAction" for call in made]
    one = [True, False]
    assert shown == [False, False, *one * (len(QUESTIONS) + 1), False]
    actions = {call.parameters["action"] for call in made if "action" in call.parameters}
    assert actions == {"typing"}


def test_the_model_is_loaded_before_telegram_is_called(conversation: Conversation) -> None:
    """By the first call, and so before any polling, what runs it is in memory; torch never is."""
    if not conversation.maps_at_first_call:
        pytest.skip("this system has no /proc")
    assert "onnxruntime" in conversation.maps_at_first_call
    assert "libtorch" not in conversation.maps_at_first_call
    assert conversation.calls[0].method == "getMe"


def test_telegram_refused_nothing(conversation: Conversation) -> None:
    """Every call was right, and every update was confirmed."""
    assert [call.answer for call in conversation.calls if call.error_code] == []
    assert conversation.pending == 0


def test_a_signal_ends_the_process_well(conversation: Conversation) -> None:
    """SIGTERM is a normal end."""
    assert conversation.ended.status == 0
    assert conversation.ended.out == ""
    assert "Traceback" not in conversation.ended.err


def test_the_log_tells_no_secret(conversation: Conversation) -> None:
    """Even at DEBUG, neither the token nor anybody's words are written."""
    assert "answering as @verbatim_test_bot" in conversation.ended.err
    written = conversation.ended.out + conversation.ended.err
    secret = conversation.token.partition(":")[2]
    for private in (conversation.token, secret, *QUESTIONS, FRANCE, "harmoush", "Ada"):
        assert private not in written


def test_a_refused_token_ends_with_one_clear_line(refused: Ended) -> None:
    """A token that Telegram refuses ends the work: status 1, one line, no traceback."""
    assert (refused.status, refused.out) == (1, "")
    last = refused.err.splitlines()[-1]
    assert last == (
        "verbatim: Telegram refuses TELEGRAM_BOT_TOKEN: ask @BotFather for the bot's current token"
    )
    assert "Traceback" not in refused.err


def test_a_refused_token_is_not_shown(refused: Ended) -> None:
    """Not even a token that opens nothing is written."""
    assert REFUSED_TOKEN.partition(":")[2] not in refused.out + refused.err
