"""Settings: from flags, then the environment, then `.env`, then the defaults below.

`.env.example` and docs/settings.md list every one; a test holds all three together.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.errors import ConfigurationError
from index.models import DEFAULT_ENCODER
from index.searches import IndexKind

__all__ = ["Settings"]

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_USER_ID = re.compile(r"[1-9][0-9]{0,15}")  # at most 52 bits
_ANY_ID = re.compile(r"-?[1-9][0-9]{0,15}")
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_DATABASE = re.compile(r"postgres(ql)?(\+[a-z0-9]+)?://\S+")
_QUOTA = r"^[1-9]\d{0,5}/(minute|hour|day)$"

Ids = Annotated[tuple[int, ...], NoDecode]  # "1,2": people write no JSON


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in upper case."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: SecretStr | None = Field(
        None, description="The bot's token from @BotFather; without it `run` chats in the terminal"
    )
    telegram_api_base_url: str = Field(
        "https://api.telegram.org",
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="The Bot API server; change it for a self-hosted one",
    )
    seeds_dir: Path = Field(Path("seeds"), description="The folder of documents")
    state_dir: Path = Field(Path(".verbatim"), description="Where the built index is kept")
    database_url: SecretStr | None = Field(
        None,
        description="A PostgreSQL database for what the bot remembers, instead of a file in there",
    )
    encoder_model: str = Field(
        DEFAULT_ENCODER,
        min_length=1,
        description="The sentence-transformers model: a name on the model hub, or a folder",
    )
    encoder_backend: Literal["auto", "onnx-int8", "onnx-fp32", "sentence-transformers"] = Field(
        "auto",
        description="What runs it: auto, onnx-int8, onnx-fp32 or sentence-transformers",
    )
    reranker_model: str | None = Field(
        None,
        min_length=1,
        description="A cross-encoder that reads the best passages again: slower, often better",
    )
    hits: int = Field(
        3,
        ge=1,
        le=10,
        description="How many passages the terminal shows at most",
    )
    answered_confidence: float = Field(
        0.5, ge=0, le=1, description="From this confidence on, a passage is given as the answer"
    )
    unsure_confidence: float = Field(
        0.12, ge=0, le=1, description="Below this confidence, the documents hold no answer"
    )
    keep_generations: int = Field(
        3, ge=1, le=100, description="How many built indexes are kept, the live one included"
    )
    vector_index: Literal["auto", "flat", "fp16", "ivf"] = Field(
        "auto", description="How a build keeps vectors: auto (by their number), flat, fp16 or ivf"
    )
    index_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/@?#]+(/[^\s/?#]+)?$",
        description="A Milvus server that serves the index, perhaps to many bots: `http://host:19530`",
    )
    index_token: SecretStr | None = Field(
        None, description="What lets one in there: a token, or `user:password`"
    )
    index_timeout_s: float = Field(
        5.0, ge=0.1, le=60, description="How long one search there may take (seconds)"
    )
    golden_file: Path = Field(
        Path("tests/golden/seeds.jsonl"),
        description="Golden questions that a new index is asked before it is made live",
    )
    golden_tolerance: int = Field(
        0, ge=0, description="How many golden answers fewer a new index may have and be made live"
    )
    watch_quiet_s: float = Field(
        1.0, gt=0, le=60, description="Seconds without a change before a changed folder is built"
    )
    access: Literal["open", "allowlist", "invite"] = Field(
        "open", description="Who may ask: open (all), allowlist, or invite (and who was invited)"
    )
    allowed_users: Ids = Field(
        (), description="Ids of the people who may ask anywhere, parted by commas"
    )
    allowed_chats: Ids = Field((), description="Ids of the groups in which everybody may ask")
    admin_ids: Ids = Field(
        (),
        description="Ids of those who run it; they may also rebuild, roll back, add documents",
    )
    quota_per_user: str | None = Field(
        None, pattern=_QUOTA, description="Questions of one person: `20/hour`, `/minute`, `/day`"
    )
    quota_per_chat: str | None = Field(
        None, pattern=_QUOTA, description="Questions of one group, of all its people together"
    )
    rebuild_timeout_s: int = Field(
        7200,
        ge=1,
        description="How long a build may take that an admin asks for (seconds)",
    )
    max_upload_mb: int = Field(
        10, ge=1, le=20, description="The largest document that admins may send, in MB"
    )
    stale_after_s: int = Field(
        21600, ge=1, description="Questions older than this (seconds) get an apology, no answer"
    )
    messages_per_second: int = Field(
        30, ge=1, le=1000, description="How many messages the bot sends a second, to all chats"
    )
    chat_messages_per_second: int = Field(
        1, ge=1, le=1000, description="How many of them to one chat, short bursts aside"
    )
    shutdown_s: int = Field(
        8, ge=0, description="How long a signal to end waits for answers in flight (seconds)"
    )
    webhook_url: str | None = Field(
        None,
        pattern=r"^https://[^\s/]+(/[^\s?#]*)?$",
        description="Where Telegram sends updates, instead of being polled; your proxy ends TLS",
    )
    webhook_port: int = Field(
        8080, ge=1, le=65535, description="Where the proxy hands those updates to, in plain HTTP"
    )
    webhook_secret: SecretStr | None = Field(
        None, description="Needed with a webhook: 16 to 256 of A-Z, a-z, 0-9, _ and -"
    )
    health_port: int | None = Field(
        None, ge=1, le=65535, description="Serves /healthz and /readyz; off unless set"
    )
    listen_host: str = Field(
        "127.0.0.1", min_length=1, description="The address that both of these ports listen at"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much the bot logs: DEBUG, INFO, WARNING or ERROR"
    )
    log_questions: bool = Field(
        default=False, description="Whether questions are logged, at INFO; think of whoever asks"
    )

    @property
    def vector_kind(self) -> IndexKind | None:
        """The kind of vector index that is asked for, None where their number decides."""
        return None if self.vector_index == "auto" else IndexKind(self.vector_index)

    @field_validator("telegram_bot_token")
    @classmethod
    def _has_the_form_of_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("should look like 123456789:AAE..., as @BotFather gives it")
        return token

    @field_validator("database_url")
    @classmethod
    def _has_the_form_of_an_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _DATABASE.fullmatch(url.get_secret_value()):
            raise ValueError("should look like postgresql://user:password@host:5432/database")
        return url

    @field_validator("allowed_users", "allowed_chats", "admin_ids", mode="before")
    @classmethod
    def _are_ids(cls, ids: object, info: ValidationInfo) -> object:
        if not isinstance(ids, str):
            return ids
        # A group's id, which is negative, among people's would stand for all of its members.
        form, example = _ANY_ID, "12345678,-1001234567890"
        if info.field_name != "allowed_chats":
            form, example = _USER_ID, "12345678,23456789"
        given = [each.strip() for each in ids.split(",") if each.strip()]
        if not all(form.fullmatch(each) for each in given):
            raise ValueError(f"should be ids parted by commas, like {example}")
        return tuple(map(int, given))

    @field_validator("webhook_secret")
    @classmethod
    def _has_the_form_of_a_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("should be 16 to 256 of A-Z, a-z, 0-9, _ and -")
        return secret

    @model_validator(mode="after")
    def _webhook_has_its_secret(self) -> Self:
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError("WEBHOOK_URL needs a WEBHOOK_SECRET: anybody could send updates")
        return self

    @model_validator(mode="after")
    def _thresholds_are_in_order(self) -> Self:
        if self.unsure_confidence > self.answered_confidence:
            raise ValueError("UNSURE_CONFIDENCE may not be above ANSWERED_CONFIDENCE")
        return self

    @classmethod
    def from_flags(cls, *, seeds: Path | None = None, state: Path | None = None) -> Settings:
        """Read the settings; flags that were given win over everything else.

        Raises:
            ConfigurationError: a value is not valid; the message names it and never shows it.
        """
        flags = {"seeds_dir": seeds, "state_dir": state}
        try:
            return cls(**{name: flag for name, flag in flags.items() if flag is not None})  # type: ignore[arg-type]
        except UnicodeDecodeError:
            raise ConfigurationError(".env is not UTF-8 text: save it as such") from None
        except ValidationError as error:
            problem = error.errors(include_input=False, include_url=False)[0]
            name = ".".join(map(str, problem["loc"])).upper()
            message = problem["msg"].removeprefix("Value error, ")
            raise ConfigurationError(f"{name}: {message}" if name else message) from None
