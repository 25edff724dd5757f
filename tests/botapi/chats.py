"""Chats: who may write in them, and what the bot has written that nobody has read yet.

Source of the refusals: tdlib/telegram-bot-api, Client.cpp, check_chat_access.
"""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.botapi.errors import ApiError, bad_request, forbidden
from tests.botapi.people import User

if TYPE_CHECKING:
    from tests.botapi.messages import Message

GENERAL_TOPIC_ID = 1


@dataclass(slots=True, kw_only=True, eq=False)
class Chat:
    """What every chat has; `replies` and `edits` hold the bot's messages not read yet."""

    id: int
    replies: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    edits: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    last_action: str = ""

    @property
    def has_own_message_ids(self) -> bool:
        """Whether messages are numbered by the chat: so in supergroups, but not elsewhere."""
        return False

    def to_json(self) -> dict[str, Any]:
        """Return the Chat object."""
        raise NotImplementedError

    def check_writable(self) -> None:
        """Refuse, with the reason, if the bot may not write here.

        Raises:
            ApiError: 400 or 403.
        """
        raise NotImplementedError

    def check_thread(self, thread_id: int) -> None:
        """Refuse a thread that does not exist: any, where there are no topics.

        Raises:
            ApiError: 400.
        """
        if thread_id:
            raise bad_request("message thread not found")


@dataclass(slots=True, kw_only=True, eq=False)
class PrivateChat(Chat):
    """The chat between the bot and `user`."""

    user: User
    is_started: bool = False
    is_blocked: bool = False
    is_deleted: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the Chat object, which repeats the user's names."""
        person = self.user.to_json()
        names = {name: person[name] for name in person if name.endswith("name")}
        return {"id": self.id, "type": "private"} | names

    def check_writable(self) -> None:
        """Refuse where the user has gone, has blocked the bot or has never written to it."""
        if self.is_deleted:
            raise forbidden("user is deactivated")
        if self.is_blocked:
            raise forbidden("bot was blocked by the user")
        if not self.is_started:
            raise forbidden("bot can't initiate conversation with a user")


@dataclass(slots=True, kw_only=True)
class Topic:
    """A topic of a forum."""

    name: str
    is_closed: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Group(Chat):
    """A basic group or a supergroup; `statuses` maps members' ids to what getChatMember tells."""

    type: str
    title: str
    username: str = ""
    is_forum: bool = False
    is_bot_muted: bool = False
    migrated_to: int = 0
    last_bot_id: int = 0
    bot_id: int
    members: dict[int, User] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)

    @property
    def has_own_message_ids(self) -> bool:
        """Whether it is a supergroup."""
        return self.type == "supergroup"

    @property
    def bot_status(self) -> str:
        """What the bot is here: left, member, administrator or kicked."""
        return self.statuses.get(self.bot_id, "left")

    @property
    def holds_bot(self) -> bool:
        """Whether the bot is a member of any rank."""
        return self.bot_status in {"member", "administrator"}

    def to_json(self) -> dict[str, Any]:
        """Return the Chat object."""
        chat: dict[str, Any] = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            chat["username"] = self.username
        if self.is_forum:
            chat["is_forum"] = True
        return chat

    def check_member(self) -> None:
        """Refuse a group that was upgraded, and one that the bot is not in."""
        if self.migrated_to:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": self.migrated_to},
            )
        if self.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {self.type} chat")
        if not self.holds_bot:
            raise forbidden(f"bot is not a member of the {self.type} chat")

    def check_writable(self) -> None:
        """Refuse where the bot is no member or must not speak."""
        self.check_member()
        if self.is_bot_muted:
            raise bad_request("not enough rights to send text messages to the chat")

    def check_thread(self, thread_id: int) -> None:
        """Refuse what is no open topic; General has no number that a bot may use."""
        if not thread_id:
            return
        topic = self.topics.get(thread_id)
        if topic is None:
            raise bad_request("message thread not found")
        if topic.is_closed and self.bot_status != "administrator":
            raise bad_request("TOPIC_CLOSED")
