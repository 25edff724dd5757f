"""What can go wrong between the bot and Telegram.

VerbatimError
├── TelegramUnavailableError  the Bot API server can't be reached, or refuses to start the bot
├── TokenRefusedError         Telegram does not know the token, or knows it no more
├── InvitationGoneError       an invitation was used up by another, or has run out
├── NobodyWaitsError          there is an answer, and nobody who waits for it any more
├── NotAddedError             a document that was sent can't be added
├── BuildFailedError          a build in another process failed
└── CardChangedError          an answer was replaced while a button under the old one was pressed

TelegramError (python-telegram-bot's)
├── FloodError                429: nothing to this chat for `retry_after_s`
├── UnsendableError           a file that can't or may not be sent: never begun
└── NetworkError
    ├── NotSentError          the request never left: safe to send again
    ├── ServerFailedError     the server, or a proxy for it, answered that it failed: sent again
    └── UnclearError          no answer, or half of one: it may have been done
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.error import NetworkError, TelegramError

from index.errors import VerbatimError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "BuildFailedError",
    "CardChangedError",
    "FloodError",
    "InvitationGoneError",
    "NobodyWaitsError",
    "NotAddedError",
    "NotSentError",
    "ServerFailedError",
    "TelegramUnavailableError",
    "TokenRefusedError",
    "UnclearError",
    "UnsendableError",
]


class TelegramUnavailableError(VerbatimError):
    """The Bot API server can't be reached, or refuses to let the bot start."""


class TokenRefusedError(VerbatimError):
    """Telegram does not know the token, or it was revoked."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refuses TELEGRAM_BOT_TOKEN: ask @BotFather for the bot's current token"
        )


class BuildFailedError(VerbatimError):
    """A build in another process failed; `problems` are the files or questions it is about."""

    def __init__(self, error: str, problems: Sequence[str]) -> None:
        super().__init__(error)
        self.problems = tuple(problems)


class InvitationGoneError(VerbatimError):
    """An invitation lets nobody in any more."""

    def __init__(self) -> None:
        super().__init__("the invitation is used up, or has run out")


class NobodyWaitsError(VerbatimError):
    """Whoever waited for an answer was told, or has given up."""


class NotAddedError(VerbatimError):
    """A document that was sent can't be added; the text of that name says why, with `values`."""

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(f"a document was not added: {text}")
        self.text = text
        self.values = values


class CardChangedError(VerbatimError):
    """A press moves an answer that has been replaced meanwhile: it comes too late."""


class FloodError(TelegramError):
    """Too many messages; this chat takes none for `retry_after_s` seconds."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"Too many requests, retry after {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class UnsendableError(TelegramError):
    """A file that the bot can't or may not send."""


class NotSentError(NetworkError):
    """No connection could be made, so nothing was sent."""


class ServerFailedError(NetworkError):
    """The server said by its status (500, 502, 503) that it did not do it.

    A proxy may say so wrongly; why its word is taken: docs/design.md, "From Telegram and back".
    """


class UnclearError(NetworkError):
    """The request left and no whole answer came: it may have been done, so never send it twice."""
