"""The log tells no secret, and nobody's words."""

import logging
from io import StringIO

import pytest

from bot.logs import RedactingFormatter, configure_logging

TOKEN = "123456789:AAE-not_a_real-token"
QUOTED = TOKEN.replace(":", "%3A")

pytestmark = pytest.mark.usefixtures("clean_logging")


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Log at DEBUG, the token a secret, into a stream."""
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging("DEBUG", secrets=[TOKEN])
    return stream


def assert_blotted(stream: StringIO, *, times: int = 1) -> None:
    """Check that no part of the token's secret half was written, and that the blot stands in."""
    written = stream.getvalue()
    assert "AAE-not_a_real-token" not in written
    assert written.count("<token>") == times


def test_a_line_has_time_level_and_logger(stream: StringIO) -> None:
    """A line says when, how grave and who."""
    logging.getLogger("bot.app").info("answering as @%s", "a_bot")
    assert stream.getvalue().endswith(" INFO bot.app: answering as @a_bot\n")


def test_a_token_in_a_message_is_blotted(stream: StringIO) -> None:
    """A token in the message itself is not written."""
    logging.getLogger("bot").debug(f"token {TOKEN} given")  # noqa: G004
    assert_blotted(stream)
    assert stream.getvalue().endswith("token <token> given\n")


def test_a_token_in_the_arguments_is_blotted(stream: StringIO) -> None:
    """A token that comes with the arguments is not written."""
    logging.getLogger("bot").debug("GET %s %r", f"https://x/bot{TOKEN}/getMe", {"t": TOKEN})
    assert_blotted(stream, times=2)


def test_a_token_in_a_traceback_is_blotted(stream: StringIO) -> None:
    """A token in an exception, its cause and its notes is not written."""
    error = ValueError(f"The token `{TOKEN}` was rejected")
    error.__cause__ = KeyError(TOKEN)
    error.add_note(f"with {TOKEN}")
    logging.getLogger("bot").error("failed", exc_info=error)
    assert "direct cause of the following exception" in stream.getvalue()
    assert_blotted(stream, times=3)


def test_a_token_in_a_stack_is_blotted() -> None:
    """The stack that a record carries is cleaned as well."""
    record = logging.LogRecord("bot", logging.INFO, "", 1, "here", None, None)
    record.stack_info = f"Stack: {TOKEN}"
    assert RedactingFormatter([TOKEN]).format(record).endswith("here\nStack: <token>")


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{QUOTED}/getMe",
        f"https://api.telegram.org/bot{QUOTED.lower()}/getMe".replace("aae", "AAE"),
        f"token={QUOTED}",
    ],
)
def test_a_quoted_token_is_blotted(stream: StringIO, text: str) -> None:
    """A token whose colon is URL-encoded is not written either, in a path or alone."""
    logging.getLogger("bot").debug(text)
    assert_blotted(stream)


@pytest.mark.parametrize("place", ["{}", "is {}.", "'{}'", "https://api.telegram.org/bot{}/getMe"])
def test_whatever_looks_like_a_token_is_blotted(place: str) -> None:
    """Another bot's token is known by its form, wherever it stands."""
    other = "987654321:AAF-another_bots-token"
    record = logging.LogRecord("bot", logging.INFO, "", 1, place.format(other), None, None)
    written = RedactingFormatter().format(record)
    assert other not in written
    assert "<token>" in written


def test_times_are_no_tokens() -> None:
    """A clock time, an address with a port and a passage id stay as they are."""
    plain = "12:30:05 http://127.0.0.1:8081 abc:0123456789abcdef"
    record = logging.LogRecord("bot", logging.INFO, "", 1, plain, None, None)
    assert RedactingFormatter().format(record).endswith(f": {plain}")


@pytest.mark.parametrize(
    "name",
    [
        *("telegram", "telegram.ext.Application", "httpx", "httpcore.http11", "asyncio"),
        *("sqlalchemy.engine.Engine", "alembic.runtime.migration", "psycopg"),
    ],
)
def test_talkative_libraries_stay_at_warnings(stream: StringIO, name: str) -> None:
    """At DEBUG, what libraries say of every update and request is still not written."""
    logger = logging.getLogger(name)
    logger.info("HTTP Request: POST https://api.telegram.org/bot1:x/getMe")
    assert stream.getvalue() == ""
    logger.warning("slow")
    assert stream.getvalue().endswith(f" WARNING {name}: slow\n")


def test_a_higher_level_holds_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """At ERROR, no warning is written, ours or a library's."""
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging("ERROR")
    for name in ("bot.app", "httpx", "telegram"):
        logging.getLogger(name).warning("slow")
    assert stream.getvalue() == ""
    logging.getLogger("httpx").error("down")
    assert stream.getvalue().endswith(" ERROR httpx: down\n")
