"""Scripted users: they write, press, react and read as people do, in private and in groups."""

import re
from typing import TYPE_CHECKING, Any

from tests.botapi.account import Account
from tests.botapi.chats import Chat, Group, PrivateChat
from tests.botapi.forwarding import origin_of
from tests.botapi.inline import InlineQuery
from tests.botapi.inline_choice import ask_inline, choose_result
from tests.botapi.membership import bot_change_json
from tests.botapi.messages import Message
from tests.botapi.people import User
from tests.botapi.presses import Press
from tests.botapi.reactions import changed_reaction
from tests.botapi.reading import unread_of, wait_for_message
from tests.botapi.samples import SAMPLES
from tests.botapi.text import MAX_CAPTION_CHARS, MAX_TEXT_CHARS, FormattedText, cleaned
from tests.botapi.threads import thread_details
from tests.botapi.world import NO_TEXT

if TYPE_CHECKING:
    from tests.botapi.groups import ScriptedGroup

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class ScriptedUser:
    """A person; `to` names the group to act in, instead of the private chat with the bot."""

    def __init__(self, account: Account, chat: PrivateChat) -> None:
        self._account = account
        self.chat = chat

    @property
    def user(self) -> User:
        """The user's account."""
        return self.chat.user

    @property
    def id(self) -> int:
        """The user's identifier, which is the private chat's as well."""
        return self.chat.id

    async def say(
        self,
        text: str,
        *,
        to: "ScriptedGroup | None" = None,
        reply_to: Message | None = None,
        thread_id: int = 0,
    ) -> Message:
        """Send a text message, in a forum to the topic `thread_id` or to General.

        Raises:
            ValueError: for a text that no client would send, empty or over 4096 characters, and
                for a chat where the user can't write.
        """
        return self._send(to, _typed_in(text), reply_to=reply_to, thread_id=thread_id)

    async def send(self, kind: str, *, to: "ScriptedGroup | None" = None) -> Message:
        """Send something that is no text: a photo, sticker, voice, location, contact or dice."""
        return self._send(to, NO_TEXT, extra={kind: SAMPLES[kind]})

    async def send_document(
        self,
        content: bytes,
        *,
        name: str = "notes.txt",
        mime_type: str = "text/plain",
        caption: str = "",
        size: int = 0,
        to: "ScriptedGroup | None" = None,
    ) -> Message:
        """Upload a document; `size` pretends that it is larger than its content.

        Raises:
            ValueError: for a caption that no client would send.
        """
        text = _typed_in(caption, MAX_CAPTION_CHARS) if caption else NO_TEXT
        files = self._account.world.files
        document = files.add(content, name=name, mime_type=mime_type, size=size)
        return self._send(to, text, document=document)

    async def forward(
        self, message: Message, *, to: "ScriptedGroup | None" = None, is_hidden: bool = False
    ) -> Message:
        """Forward a message; `is_hidden` when its sender lets no link to the account be shown."""
        return self._send(
            to,
            message.content,
            document=message.document,
            extra=dict(message.extra),
            forward_origin=origin_of(message, is_hidden=is_hidden),
        )

    async def start(self, payload: str = "") -> Message:
        """Press START, or follow a deep link that carries `payload`; it unblocks the bot.

        Raises:
            ValueError: for a payload that no link can carry (Bot API, "Deep linking").
        """
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError(f"a link carries at most 64 of A-Z, a-z, 0-9, _ and -: {payload!r}")
        if self.chat.is_blocked:
            self._set_block(is_blocked=False)
        return await self.say(f"/start {payload}".rstrip())

    async def edit(self, message: Message, text: str) -> None:
        """Change one of the user's own messages."""
        self._account.world.edit(message, _typed_in(text))
        self._account.deliver(message, "edited_message")

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
        query = {"id": press.query_id, "from": self.user.to_json(), "data": data}
        query["chat_instance"] = str(message.chat.id)
        if message.inline_message_id:
            query["inline_message_id"] = message.inline_message_id
        else:
            query["message"] = message.to_json()
        self._account.updates.put("callback_query", query)
        return press

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message, or take the reaction back with an empty `emoji`.

        The bot hears of it if it asked for message_reaction, in a group as an administrator only
        (Bot API, Update).
        """
        change = changed_reaction(message, self.user, emoji, now=self._account.clock.now())
        chat = message.chat
        if not isinstance(chat, Group) or chat.bot_status == "administrator":
            self._account.updates.put("message_reaction", change)

    async def ask_inline(
        self, text: str, *, offset: str = "", to: "ScriptedGroup | None" = None
    ) -> InlineQuery:
        """Type `@bot text` in any chat: with the bot itself, or in a group.

        Raises:
            ValueError: when the bot has no inline mode or the query is over 256 characters.
        """
        return ask_inline(self._account, self.user, text, offset, to.chat if to else self.chat)

    async def choose(
        self, query: InlineQuery, result_id: str, *, to: "ScriptedGroup | None" = None
    ) -> Message:
        """Choose a result, which sends its text via the bot.

        Raises:
            ValueError: when the bot has offered no such result.
        """
        return choose_result(self._account, self.user, query, result_id, self._chat(to))

    def block(self) -> None:
        """Block the bot: it hears of it, and from now on it can't write here."""
        self._set_block(is_blocked=True)

    def delete_account(self) -> None:
        """Leave Telegram: the bot can't write here any more, and is not told."""
        self.chat.is_deleted = True

    async def wait_reply(self, *, timeout_s: float = 10.0) -> Message:
        """Return the bot's next message that this user has not read yet.

        Raises:
            TimeoutError: when none came in time; the text names the bot's last calls.
        """
        return await wait_for_message(
            self.chat.replies,
            f"reply to {self.user.first_name}",
            self._account.calls,
            timeout_s=timeout_s,
        )

    async def wait_edit(self, *, timeout_s: float = 10.0) -> Message:
        """Return the bot's next message that it has edited since.

        Raises:
            TimeoutError: when none came in time; the text names the bot's last calls.
        """
        return await wait_for_message(
            self.chat.edits,
            f"edit for {self.user.first_name}",
            self._account.calls,
            timeout_s=timeout_s,
        )

    @property
    def unread(self) -> list[Message]:
        """What the bot has written and this user has not read, without waiting; now it is read."""
        return unread_of(self.chat.replies)

    def _chat(self, to: "ScriptedGroup | None") -> Chat:
        if to is not None:
            if self.id not in to.chat.members:
                raise ValueError(f"{self.user.first_name} is not in {to.chat.title}")
            return to.chat
        if self.chat.is_blocked:
            raise ValueError(f"{self.user.first_name} has blocked the bot: start() unblocks it")
        self.chat.is_started = True
        return self.chat

    def _send(
        self,
        to: "ScriptedGroup | None",
        content: FormattedText,
        *,
        reply_to: Message | None = None,
        thread_id: int = 0,
        **details: Any,
    ) -> Message:
        chat = self._chat(to)
        is_topic = isinstance(chat, Group) and chat.is_forum and bool(thread_id)
        if reply_to is None and is_topic:
            # What replies to nothing in a topic replies to the message that created it.
            reply_to = self._account.world.message(chat.id, thread_id)
        message = self._account.world.post(
            chat,
            self.user,
            content,
            reply_to=reply_to,
            **thread_details(chat, thread_id, reply_to),
            **details,
        )
        self._account.deliver(message)
        return message

    def _set_block(self, *, is_blocked: bool) -> None:
        old, new = ("member", "kicked") if is_blocked else ("kicked", "member")
        self.chat.is_blocked = is_blocked
        change = bot_change_json(self._account.world, self.chat, self.user, old, new)
        self._account.updates.put("my_chat_member", change)


def _typed_in(text: str, most: int = MAX_TEXT_CHARS) -> FormattedText:
    content = cleaned(text)
    if not 0 < len(content.text) <= most:
        raise ValueError(f"a client sends 1-{most} characters, not {len(content.text)}")
    return content
