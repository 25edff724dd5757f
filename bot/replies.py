"""Messages in answer to an update: where they go, and how their text is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from telegram.constants import ParseMode

from bot.delivery.outgoing import EDIT, Outgoing

if TYPE_CHECKING:
    from bot.delivery.drafts import Drafts
    from bot.incoming import Incoming

__all__ = ["Keyboard", "Replies", "content"]

Keyboard = list[list[dict[str, Any]]]
"""Rows of buttons, as the Bot API's InlineKeyboardButton has them."""


class Replies:
    """What handlers say; all of it goes into `drafts`.

    A text is HTML if it is `Markup`, and plain otherwise: what is not known to be safe is never
    read as markup. A `tag` finds the message again once it is sent.
    """

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    def say(
        self,
        incoming: Incoming,
        text: str | Markup,
        *,
        keyboard: Keyboard | None = None,
        is_reply: bool = False,
        tag: str | None = None,
    ) -> None:
        """Write to where the update came from.

        In a group it replies to the message, so that it is plain whom it is for; in private, when
        `is_reply`.
        """
        place = _place(incoming, is_reply=is_reply)
        self._drafts.add(
            incoming.update_id,
            Outgoing(chat_id=incoming.chat_id, arguments=content(text, keyboard) | place, tag=tag),
        )

    def send_document(self, incoming: Incoming, path: str, *, caption: str) -> None:
        """Reply with a file, by its path within the folder that the bot may send from."""
        self._drafts.add(
            incoming.update_id,
            Outgoing(
                chat_id=incoming.chat_id,
                method="sendDocument",
                arguments={"caption": caption} | _place(incoming, is_reply=True),
                document=path,
            ),
        )

    def edit(
        self,
        incoming: Incoming,
        message_id: int | None,
        text: str | Markup,
        *,
        keyboard: Keyboard | None = None,
        tag: str | None = None,
    ) -> None:
        """Put another text into one of the bot's own messages of that chat.

        Without a number it is the message with the tag, which may not even have been sent yet.
        Where the message is gone, its text is sent anew, in the same topic.
        """
        arguments = content(text, keyboard) | _place(incoming, is_reply=False)
        if message_id is not None:
            arguments["message_id"] = message_id
        self._drafts.add(
            incoming.update_id,
            Outgoing(chat_id=incoming.chat_id, method=EDIT, arguments=arguments, tag=tag),
        )


def _place(incoming: Incoming, *, is_reply: bool) -> dict[str, Any]:
    """Return where in its chat an answer goes; in a group it is a reply."""
    place: dict[str, Any] = {}
    if is_reply or not incoming.is_private:
        place["reply_parameters"] = {
            "message_id": incoming.message_id,
            "allow_sending_without_reply": True,
        }
    if incoming.thread_id is not None:
        place["message_thread_id"] = incoming.thread_id
    return place


def content(text: str | Markup, keyboard: Keyboard | None = None) -> dict[str, Any]:
    """Return a text and its buttons as arguments of the Bot API, links without previews."""
    arguments: dict[str, Any] = {
        "text": str(text),
        "link_preview_options": {"is_disabled": True},
    }
    if isinstance(text, Markup):
        arguments["parse_mode"] = ParseMode.HTML
    if keyboard:
        arguments["reply_markup"] = {"inline_keyboard": keyboard}
    return arguments
