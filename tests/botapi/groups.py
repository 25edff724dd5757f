"""Scripted groups: who comes and goes, topics, rights, and the move to a supergroup.

Source: Bot API, Update (my_chat_member), Message (new_chat_members, left_chat_member,
forum_topic_created, migrate_to_chat_id, migrate_from_chat_id).
"""

from collections.abc import Sequence
from typing import Any, Self

from tests.botapi.account import Account
from tests.botapi.chats import Group, Topic
from tests.botapi.membership import bot_change_json
from tests.botapi.messages import Message
from tests.botapi.people import User
from tests.botapi.reading import unread_of, wait_for_message
from tests.botapi.text import cleaned
from tests.botapi.users import ScriptedUser

_TOPIC_COLOR = 7322096


class ScriptedGroup:
    """A group or supergroup; its first member owns it and is who acts unless another is named."""

    def __init__(self, account: Account, chat: Group, owner: User) -> None:
        self._account = account
        self.chat = chat
        self._owner = owner

    @classmethod
    def new(
        cls,
        account: Account,
        kind: str,
        title: str,
        members: Sequence[ScriptedUser],
        **details: Any,
    ) -> Self:
        """Make a group of `kind` with these members.

        Raises:
            ValueError: without a member to own it.
        """
        if not members:
            raise ValueError("a group needs an owner")
        chat = account.world.new_group(kind, title, **details)
        group = cls(account, chat, members[0].user)
        for member in members:
            group.add(member)
        chat.statuses[members[0].id] = "creator"
        return group

    @property
    def id(self) -> int:
        """The chat's identifier, a negative number."""
        return self.chat.id

    def add(self, member: ScriptedUser) -> None:
        """Let a user in; a bot that is there hears of it by a service message."""
        self.chat.members[member.id] = member.user
        self.chat.statuses[member.id] = "member"
        self._tell(member.user, new_chat_members=[member.user.to_json()])

    def remove(self, member: ScriptedUser) -> None:
        """Let a user go; a bot that is there hears of it by a service message."""
        del self.chat.members[member.id]
        self.chat.statuses[member.id] = "left"
        self._tell(member.user, left_chat_member=member.user.to_json())

    def add_bot(self, by: ScriptedUser | None = None, *, is_administrator: bool = False) -> None:
        """Add the bot: it gets my_chat_member, then the service message."""
        bot = self._account.world.bot
        self._set_bot_status("administrator" if is_administrator else "member", by)
        self.chat.members[bot.id] = bot
        self._tell(by.user if by else self._owner, new_chat_members=[bot.to_json()])

    def remove_bot(self, by: ScriptedUser | None = None) -> None:
        """Kick the bot out: it hears of it, and can't write here any more."""
        self._set_bot_status("kicked", by)
        del self.chat.members[self._account.world.bot.id]

    def promote_bot(self, by: ScriptedUser | None = None) -> None:
        """Make the bot an administrator."""
        self._set_bot_status("administrator", by)

    def mute_bot(self) -> None:
        """Take away its right to send messages."""
        self.chat.is_bot_muted = True

    def new_topic(self, name: str, by: ScriptedUser | None = None) -> int:
        """Make a topic; return its message_thread_id.

        Raises:
            ValueError: when the group is no forum.
        """
        if not self.chat.is_forum:
            raise ValueError(f"{self.chat.title} has no topics")
        created = {"name": name, "icon_color": _TOPIC_COLOR}
        message = self._post(by.user if by else self._owner, forum_topic_created=created)
        message.thread_id = message.message_id
        message.is_topic_message = True
        self.chat.topics[message.message_id] = Topic(name=name)
        self._account.deliver(message)
        return message.message_id

    def close_topic(self, thread_id: int) -> None:
        """Close a topic, so that only administrators may write there."""
        self.chat.topics[thread_id].is_closed = True

    def delete_topic(self, thread_id: int) -> None:
        """Delete a topic; what is sent there finds no thread."""
        del self.chat.topics[thread_id]

    def upgrade(self, by: ScriptedUser | None = None) -> "ScriptedGroup":
        """Turn a basic group into a supergroup, which has another id; return that.

        Both chats tell of the other, and the old one refuses every call from then on.
        """
        account, actor = self._account, by.user if by else self._owner
        chat = account.world.new_group(
            "supergroup",
            self.chat.title,
            members=dict(self.chat.members),
            statuses=dict(self.chat.statuses),
        )
        self._tell(actor, migrate_to_chat_id=chat.id)
        self.chat.migrated_to = chat.id
        group = ScriptedGroup(account, chat, self._owner)
        group._tell(actor, migrate_from_chat_id=self.id)
        return group

    def other_bot_says(self, text: str, *, name: str = "Another") -> Message:
        """Let another bot write here, which this one does not see."""
        world = self._account.world
        bot = world.new_user(name, username=f"{name.lower()}_bot", is_bot=True)
        return world.post(self.chat, bot, cleaned(text))

    async def wait_reply(self, *, timeout_s: float = 10.0) -> Message:
        """Return the bot's next message here that nobody has read yet.

        Raises:
            TimeoutError: when none came in time; the text names the bot's last calls.
        """
        return await wait_for_message(
            self.chat.replies,
            f"reply in {self.chat.title}",
            self._account.calls,
            timeout_s=timeout_s,
        )

    @property
    def unread(self) -> list[Message]:
        """What the bot has written here and nobody has read, without waiting; now it is read."""
        return unread_of(self.chat.replies)

    def _set_bot_status(self, status: str, by: ScriptedUser | None) -> None:
        world, old = self._account.world, self.chat.bot_status
        self.chat.statuses[world.bot.id] = status
        actor = by.user if by else self._owner
        change = bot_change_json(world, self.chat, actor, old, status)
        self._account.updates.put("my_chat_member", change)

    def _tell(self, actor: User, **event: Any) -> None:
        self._account.deliver(self._post(actor, **event))

    def _post(self, actor: User, **event: Any) -> Message:
        return self._account.world.post(self.chat, actor, extra=event)
