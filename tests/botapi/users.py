"""Scripted users: they write, press and read as people do, each in a private chat."""

import asyncio
import json

from tests.botapi.account import Account
from tests.botapi.presses import Press
from tests.botapi.text import MAX_TEXT_CHARS, FormattedText, cleaned
from tests.botapi.world import Chat, Message


class ScriptedUser:
    """A person in a private chat with the bot."""

    def __init__(self, account: Account, chat: Chat) -> None:
        self._account = account
        self.chat = chat

    @property
    def id(self) -> int:
        """The user's identifier, which is the chat's as well."""
        return self.chat.id

    async def say(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Send a text message to the bot.

        Raises:
            ValueError: for a text that no client would send: empty, or over 4096 characters.
        """
        content = _typed_in(text)
        self.chat.is_started = True
        message = self._account.world.post(self.chat, self.chat.user, content, reply_to=reply_to)
        self._account.updates.put("message", message.to_json())
        return message

    async def start(self, payload: str = "") -> Message:
        """Press START, or follow a deep link that carries `payload`; it unblocks the bot."""
        self.chat.is_blocked = False
        return await self.say(f"/start {payload}".rstrip())

    async def edit(self, message: Message, text: str) -> None:
        """Change one of the user's own messages."""
        self._account.world.edit(message, _typed_in(text))
        self._account.updates.put("edited_message", message.to_json())

    async def press(self, message: Message, label: str = "", *, data: str | None = None) -> Press:
        """Press the button with this label, or send `data` that no button needs to hold.

        Raises:
            ValueError: when no callback button of the message has the label.
        """
        held = {each["text"]: each.get("callback_data") for each in message.buttons}
        data = held.get(label) if data is None else data
        if data is None:
            raise ValueError(f"no callback button {label!r} among {sorted(held)}")
        press = self._account.presses.new()
        self._account.updates.put(
            "callback_query",
            {
                "id": press.query_id,
                "from": self.chat.user.to_json(),
                "message": message.to_json(),
                "chat_instance": str(self.chat.id),
                "data": data,
            },
        )
        return press

    def block(self) -> None:
        """Block the bot: from now on it can't write here."""
        self.chat.is_blocked = True

    async def wait_reply(self, *, timeout_s: float = 10.0) -> Message:
        """Return the bot's next message that this user has not read yet.

        Raises:
            TimeoutError: when none came in time; the text names the bot's last calls.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await self.chat.replies.get()
        except TimeoutError:
            refused = [
                json.dumps(each.answer, ensure_ascii=False)
                for each in self._account.calls.latest(5)
                if each.error_code
            ]
            raise TimeoutError(
                f"no reply to {self.chat.user.first_name} within {timeout_s} s; "
                f"{self._account.calls}; refused: {refused or 'none'}"
            ) from None

    @property
    def unread(self) -> list[Message]:
        """What the bot has written and this user has not read, without waiting; now it is read."""
        return [self.chat.replies.get_nowait() for _ in range(self.chat.replies.qsize())]


def _typed_in(text: str) -> FormattedText:
    content = cleaned(text)
    if not 0 < len(content.text) <= MAX_TEXT_CHARS:
        raise ValueError(f"a client sends 1-{MAX_TEXT_CHARS} characters, not {len(content.text)}")
    return content
