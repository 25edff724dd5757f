"""Where settings come from, and what is said of a bad one."""

from pathlib import Path

import pytest

from bot.database.choosing import database_of
from bot.settings import Settings
from index.errors import ConfigurationError

SECRET = "a-secret-of-the-webhook"
DATABASE = "postgresql+psycopg://bot:s3cret@db.example:5432/verbatim"
TOKEN = "123456789:AAE-not_a_real-token"


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """Return what is said of these environment variables."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_flags()
    return str(caught.value)


def test_everything_has_a_default() -> None:
    """With nothing set, the documented defaults hold."""
    settings = Settings.from_flags()
    assert settings.model_dump() == {
        "telegram_bot_token": None,
        "telegram_api_base_url": "https://api.telegram.org",
        "seeds_dir": Path("seeds"),
        "state_dir": Path(".verbatim"),
        "database_url": None,
        "encoder_model": "sentence-transformers/all-MiniLM-L6-v2",
        "encoder_backend": "auto",
        "reranker_model": None,
        "hits": 3,
        "answered_confidence": 0.5,
        "unsure_confidence": 0.12,
        "keep_generations": 3,
        "vector_index": "auto",
        "index_url": None,
        "index_token": None,
        "index_timeout_s": 5.0,
        "golden_file": Path("tests/golden/seeds.jsonl"),
        "golden_tolerance": 0,
        "watch_quiet_s": 1.0,
        "access": "open",
        "allowed_users": (),
        "allowed_chats": (),
        "admin_ids": (),
        "quota_per_user": None,
        "quota_per_chat": None,
        "rebuild_timeout_s": 7200,
        "max_upload_mb": 10,
        "stale_after_s": 21600,
        "messages_per_second": 30,
        "chat_messages_per_second": 1,
        "shutdown_s": 8,
        "webhook_url": None,
        "webhook_port": 8080,
        "webhook_secret": None,
        "health_port": None,
        "listen_host": "127.0.0.1",
        "log_level": "INFO",
        "log_questions": False,
    }


def test_a_flag_wins_over_the_environment_over_the_file(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flags come first, then the environment, then `.env`, then the defaults."""
    (own_folder / ".env").write_text(
        "SEEDS_DIR=of-file\nSTATE_DIR=of-file\nENCODER_MODEL=of-file\n", "utf-8"
    )
    monkeypatch.setenv("SEEDS_DIR", "of-environment")
    monkeypatch.setenv("STATE_DIR", "of-environment")
    settings = Settings.from_flags(seeds=Path("of-flag"))
    assert settings.seeds_dir == Path("of-flag")
    assert settings.state_dir == Path("of-environment")
    assert settings.encoder_model == "of-file"
    assert settings.hits == 3


def test_names_have_upper_case_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field is read from the variable of its name in upper case."""
    values = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:8081",
        "SEEDS_DIR": "papers",
        "STATE_DIR": "built",
        "DATABASE_URL": DATABASE,
        "ENCODER_MODEL": "some/model",
        "ENCODER_BACKEND": "onnx-int8",
        "RERANKER_MODEL": "some/reranker",
        "HITS": "10",
        "ANSWERED_CONFIDENCE": "0.75",
        "UNSURE_CONFIDENCE": "0.5",
        "KEEP_GENERATIONS": "5",
        "VECTOR_INDEX": "ivf",
        "INDEX_URL": "http://milvus:19530/mine",
        "INDEX_TOKEN": "user:password",
        "INDEX_TIMEOUT_S": "2.5",
        "GOLDEN_FILE": "golden.jsonl",
        "GOLDEN_TOLERANCE": "2",
        "WATCH_QUIET_S": "0.5",
        "ACCESS": "invite",
        "ALLOWED_USERS": "11, 12",
        "ALLOWED_CHATS": "-1001234567890",
        "ADMIN_IDS": "13,",
        "QUOTA_PER_USER": "20/hour",
        "QUOTA_PER_CHAT": "200/day",
        "REBUILD_TIMEOUT_S": "600",
        "MAX_UPLOAD_MB": "20",
        "STALE_AFTER_S": "60",
        "MESSAGES_PER_SECOND": "29",
        "CHAT_MESSAGES_PER_SECOND": "2",
        "SHUTDOWN_S": "5",
        "WEBHOOK_URL": "https://bot.example/hook",
        "WEBHOOK_PORT": "8443",
        "WEBHOOK_SECRET": SECRET,
        "HEALTH_PORT": "8088",
        "LISTEN_HOST": "192.0.2.1",
        "LOG_LEVEL": "DEBUG",
        "LOG_QUESTIONS": "true",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_flags()
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == SECRET
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == DATABASE
    assert settings.index_token is not None
    assert settings.index_token.get_secret_value() == "user:password"
    secrets = {"telegram_bot_token", "webhook_secret", "database_url", "index_token"}
    assert settings.model_dump(exclude=secrets) == {
        "telegram_api_base_url": "http://127.0.0.1:8081",
        "seeds_dir": Path("papers"),
        "state_dir": Path("built"),
        "encoder_model": "some/model",
        "encoder_backend": "onnx-int8",
        "reranker_model": "some/reranker",
        "hits": 10,
        "answered_confidence": 0.75,
        "unsure_confidence": 0.5,
        "keep_generations": 5,
        "vector_index": "ivf",
        "index_url": "http://milvus:19530/mine",
        "index_timeout_s": 2.5,
        "golden_file": Path("golden.jsonl"),
        "golden_tolerance": 2,
        "watch_quiet_s": 0.5,
        "access": "invite",
        "allowed_users": (11, 12),
        "allowed_chats": (-1001234567890,),
        "admin_ids": (13,),
        "quota_per_user": "20/hour",
        "quota_per_chat": "200/day",
        "rebuild_timeout_s": 600,
        "max_upload_mb": 20,
        "stale_after_s": 60,
        "messages_per_second": 29,
        "chat_messages_per_second": 2,
        "shutdown_s": 5,
        "webhook_url": "https://bot.example/hook",
        "webhook_port": 8443,
        "health_port": 8088,
        "listen_host": "192.0.2.1",
        "log_level": "DEBUG",
        "log_questions": True,
    }


def test_empty_values_count_as_not_set(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NAME=` in the environment or in `.env` leaves the default."""
    (own_folder / ".env").write_text("TELEGRAM_BOT_TOKEN=\nENCODER_MODEL=\n", "utf-8")
    monkeypatch.setenv("HITS", "")
    settings = Settings.from_flags()
    assert (settings.telegram_bot_token, settings.hits) == (None, 3)
    assert settings.encoder_model == "sentence-transformers/all-MiniLM-L6-v2"


def test_other_variables_in_the_file_are_passed_over(own_folder: Path) -> None:
    """A `.env` shared with other programs is no mistake."""
    (own_folder / ".env").write_text("SOMETHING_ELSE=1\nHITS=4\n", "utf-8")
    assert Settings.from_flags().hits == 4


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HITS", "many", "should be a valid integer"),
        ("HITS", "0", "should be greater than or equal to 1"),
        ("HITS", "11", "should be less than or equal to 10"),
        ("ANSWERED_CONFIDENCE", "1.5", "should be less than or equal to 1"),
        ("ANSWERED_CONFIDENCE", "nan", ""),
        ("UNSURE_CONFIDENCE", "-0.5", "should be greater than or equal to 0"),
        ("ADMIN_IDS", "11,@ada", "should be ids parted by commas, like 12345678,23456789"),
        ("ADMIN_IDS", "-1001234567890", "should be ids parted by commas, like 12345678,23456789"),
        ("ADMIN_IDS", "٣٤", "should be ids parted by commas, like 12345678,23456789"),
        ("LOG_LEVEL", "loud", "should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("TELEGRAM_API_BASE_URL", "ftp://host", "should match pattern"),
        ("TELEGRAM_API_BASE_URL", "https://", "should match pattern"),
        ("ACCESS", "everyone", "Input should be"),
        ("ALLOWED_USERS", "@ada", "should be ids parted by commas"),
        ("ADMIN_IDS", "13;14", "should be ids parted by commas"),
        ("ALLOWED_CHATS", "9" * 5000, "should be ids parted by commas"),
        ("QUOTA_PER_USER", "20 an hour", "should match pattern"),
        ("QUOTA_PER_CHAT", "0/day", "should match pattern"),
        ("LOG_QUESTIONS", "perhaps", "valid boolean"),
    ],
)
def test_a_bad_value_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    """The message names the variable in one line and never repeats its value."""
    said = refusal(monkeypatch, **{name: value})
    assert said.startswith(f"{name}: ")
    assert message in said
    assert value not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "token",
    ["hunter2hunter2", "123456789", "123456789:", ":AAE-abc", "bot123:AAE-abc", "123:AAE abc"],
)
def test_a_token_has_a_form(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """What can't be a bot token is refused before Telegram sees it, and not shown."""
    said = refusal(monkeypatch, TELEGRAM_BOT_TOKEN=token)
    assert said == (
        "TELEGRAM_BOT_TOKEN: should look like 123456789:AAE..., as @BotFather gives it"
    )


def test_a_token_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the text nor the dump of the settings holds the token."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    settings = Settings.from_flags()
    assert TOKEN not in f"{settings} {settings!r} {settings.model_dump()}"
    assert TOKEN not in settings.model_dump_json()


def test_thresholds_have_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be unsure can't take more confidence than to answer."""
    said = refusal(monkeypatch, ANSWERED_CONFIDENCE="0.3", UNSURE_CONFIDENCE="0.4")
    assert said == "UNSURE_CONFIDENCE may not be above ANSWERED_CONFIDENCE"


def test_a_file_that_is_not_text_is_named(own_folder: Path) -> None:
    """A `.env` that can't be read is an error a person can mend."""
    (own_folder / ".env").write_bytes(b"\xff\xfe\x00H\xffITS=4\n")
    with pytest.raises(ConfigurationError, match=r"\.env"):
        Settings.from_flags()


def test_settings_do_not_change() -> None:
    """Settings are read once and stay as they are."""
    with pytest.raises(ValueError, match="frozen"):
        Settings.from_flags().hits = 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"WEBHOOK_URL": "https://bot.example"}, "WEBHOOK_URL needs a WEBHOOK_SECRET"),
        ({"WEBHOOK_URL": "http://bot.example", "WEBHOOK_SECRET": SECRET}, "WEBHOOK_URL: "),
        ({"WEBHOOK_SECRET": "short"}, "WEBHOOK_SECRET: should be 16 to 256"),
        ({"WEBHOOK_SECRET": SECRET + "!"}, "WEBHOOK_SECRET: should be 16 to 256"),
    ],
)
def test_a_webhook_needs_https_and_a_secret(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    """Without a secret anybody could send updates; the message never shows it."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_flags()
    assert str(caught.value).startswith(said)
    assert given.get("WEBHOOK_SECRET", "?") not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["mysql://bot:s3cret@host/db", "s3cret", "postgresql:s3cret", "postgresql://s3 cret"],
)
def test_what_is_no_address_of_a_database_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, which does not show it: it may hold a password."""
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(
        ConfigurationError, match=r"^DATABASE_URL: should look like [^\n]+$"
    ) as caught:
        Settings.from_flags()
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_an_address_of_a_database_is_a_secret(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever library it names, it is taken, and shown to nobody."""
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://bot:s3cret@db.example/verbatim")
    settings = Settings.from_flags()
    assert "s3cret" not in repr(settings)
    assert database_of(settings).name == "PostgreSQL at db.example/verbatim"
