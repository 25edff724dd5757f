"""Who and what exists on the server: users, chats and the messages in them."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.clock import Clock
from tests.botapi.entities import Entity, utf16_slice
from tests.botapi.errors import bad_request, forbidden
from tests.botapi.text import FormattedText

_FIRST_USER_ID = 1001


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a bot; `username`, `last_name` and `language_code` may be empty."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str = ""
    username: str = ""
    language_code: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the User object; what is empty is absent."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot}
        for name in ("first_name", "last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user


@dataclass(slots=True, kw_only=True)
class Chat:
    """A private chat between the bot and `user`; `replies` holds what the user has not read."""

    user: User
    is_started: bool = False
    is_blocked: bool = False
    replies: asyncio.Queue["Message"] = field(default_factory=asyncio.Queue)

    @property
    def id(self) -> int:
        """The chat's identifier: that of the user."""
        return self.user.id

    def to_json(self) -> dict[str, Any]:
        """Return the Chat object."""
        person = self.user.to_json()
        names = {name: person[name] for name in person if name.endswith("name")}
        return {"id": self.id, "type": "private"} | names


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The part of a message that a reply points at; `position` is in UTF-16 code units."""

    text: str
    position: int


@dataclass(slots=True, kw_only=True)
class Message:
    """A text message; an edit changes it in place and sets `edit_date`."""

    message_id: int
    chat: Chat
    sender: User
    date: int
    content: FormattedText
    reply_to: "Message | None" = None
    quote: Quote | None = None
    reply_markup: dict[str, Any] | None = None
    link_preview_options: dict[str, Any] | None = None
    mentioned: dict[int, User] = field(default_factory=dict)
    edit_date: int | None = None

    @property
    def text(self) -> str:
        """The plain text, as a person reads it."""
        return self.content.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The marked spans, in order."""
        return self.content.entities

    def marked(self, kind: str) -> list[str]:
        """Return the parts of the text that carry entities of `kind`, such as "bold"."""
        return [
            utf16_slice(self.text, each.offset, each.length)
            for each in self.entities
            if each.type == kind
        ]

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The inline keyboard's buttons, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def to_json(self) -> dict[str, Any]:
        """Return the Message object; a message replied to comes without its own reply."""
        message: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender.to_json(),
            "chat": self.chat.to_json(),
            "date": self.date,
            "text": self.text,
        }
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        if self.entities:
            message["entities"] = [self._entity_json(each) for each in self.entities]
        if self.reply_to is not None:
            message["reply_to_message"] = self.reply_to.to_json()
            message["reply_to_message"].pop("reply_to_message", None)
        if self.quote is not None:
            message["quote"] = {
                "text": self.quote.text,
                "position": self.quote.position,
                "is_manual": True,
            }
        if self.buttons:
            message["reply_markup"] = self.reply_markup
        if self.link_preview_options:
            message["link_preview_options"] = self.link_preview_options
        return message

    def _entity_json(self, entity: Entity) -> dict[str, Any]:
        user = self.mentioned.get(entity.user_id)
        return entity.to_json() | ({"user": user.to_json()} if user else {})


class World:
    """The users, chats and messages of one bot."""

    def __init__(self, bot: User, clock: Clock) -> None:
        self.bot = bot
        self._clock = clock
        self._chats: dict[int, Chat] = {}
        self._messages: dict[tuple[int, int], Message] = {}
        self._last_message_id = 0

    def new_chat(
        self, first_name: str, *, last_name: str = "", username: str = "", language_code: str = ""
    ) -> Chat:
        """Make a user who has not yet written to the bot; return the private chat."""
        user = User(
            id=_FIRST_USER_ID + len(self._chats),
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
        )
        self._chats[user.id] = Chat(user=user)
        return self._chats[user.id]

    def chat(self, chat_id: int | str) -> Chat:
        """Return the chat that a call names; a username finds no private chat.

        Raises:
            ApiError: 400 when there is none.
        """
        chat = self._chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, chat_id: int | str) -> Chat:
        """Return the chat that a call names if the bot may write to it.

        Raises:
            ApiError: 403 when the user has blocked the bot or has never written to it.
        """
        chat = self.chat(chat_id)
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.is_started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """Return a message of a chat, None when there is none."""
        return self._messages.get((chat_id, message_id))

    def post(self, chat: Chat, sender: User, content: FormattedText, **details: Any) -> Message:
        """Put a message into a chat; message ids are one series over all private chats."""
        self._last_message_id += 1
        content = self._with_known_users(content)
        message = Message(
            message_id=self._last_message_id,
            chat=chat,
            sender=sender,
            date=int(self._clock.now()),
            content=content,
            mentioned=self._mentioned(content),
            **details,
        )
        self._messages[chat.id, message.message_id] = message
        if sender == self.bot:
            chat.replies.put_nowait(message)
        return message

    def edit(self, message: Message, content: FormattedText) -> None:
        """Replace a message's text and note the time."""
        message.content = self._with_known_users(content)
        message.mentioned = self._mentioned(message.content)
        message.edit_date = int(self._clock.now())

    def _with_known_users(self, content: FormattedText) -> FormattedText:
        """Drop mentions of users that the bot has never met (Bot API, "Formatting options")."""
        known = tuple(
            each
            for each in content.entities
            if each.type != "text_mention" or each.user_id in self._chats
        )
        return FormattedText(content.text, known)

    def _mentioned(self, content: FormattedText) -> dict[int, User]:
        ids = {each.user_id for each in content.entities if each.type == "text_mention"}
        return {user_id: self._chats[user_id].user for user_id in ids}
