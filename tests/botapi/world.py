"""Who and what exists for one bot: users, chats and the messages in them."""

from typing import Any

from tests.botapi.chats import Chat, Group, PrivateChat
from tests.botapi.clock import Clock
from tests.botapi.errors import bad_request
from tests.botapi.files import Files
from tests.botapi.messages import Message
from tests.botapi.people import User
from tests.botapi.text import FormattedText

_FIRST_USER_ID = 1001
_FIRST_GROUP_ID = -4_000_000_001
_FIRST_SUPERGROUP_ID = -1_002_000_000_001
NO_TEXT = FormattedText("")


class World:
    """The users, chats and messages of one bot."""

    def __init__(self, bot: User, clock: Clock) -> None:
        self.bot = bot
        self.clock = clock
        self.files = Files()
        self.inline_messages: dict[str, Message] = {}
        self._chats: dict[int, Chat] = {}
        self._users: dict[int, User] = {bot.id: bot}
        self._messages: dict[tuple[int, int], Message] = {}
        self._last_message_ids: dict[int, int] = {}

    def new_user(self, first_name: str, **names: Any) -> User:
        """Make a user: `last_name`, `username`, `language_code` and `is_bot` are optional."""
        user = User(id=_FIRST_USER_ID + len(self._users) - 1, first_name=first_name, **names)
        self._users[user.id] = user
        return user

    def new_chat(self, first_name: str, **names: Any) -> PrivateChat:
        """Make a user who has not yet written to the bot; return the private chat."""
        user = self.new_user(first_name, **names)
        chat = PrivateChat(id=user.id, user=user)
        self._chats[chat.id] = chat
        return chat

    def new_group(self, kind: str, title: str, **details: Any) -> Group:
        """Make a group of `kind` "group" or "supergroup", with nobody in it."""
        first = _FIRST_SUPERGROUP_ID if kind == "supergroup" else _FIRST_GROUP_ID
        group = Group(
            id=first - len(self._chats), type=kind, title=title, bot_id=self.bot.id, **details
        )
        self._chats[group.id] = group
        return group

    def user(self, user_id: int) -> User | None:
        """Return a user, None when there is none."""
        return self._users.get(user_id)

    def chat(self, chat_id: int | str) -> Chat:
        """Return the chat that a call names; a username finds a public group only.

        Raises:
            ApiError: 400 when there is none.
        """
        chat = self._chats.get(chat_id) if isinstance(chat_id, int) else self._public(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _public(self, name: str) -> Chat | None:
        for chat in self._chats.values():
            if isinstance(chat, Group) and chat.username and name == f"@{chat.username}":
                return chat
        return None

    def writable_chat(self, chat_id: int | str) -> Chat:
        """Return the chat that a call names if the bot may write to it.

        Raises:
            ApiError: 400 or 403 when it may not.
        """
        chat = self.chat(chat_id)
        chat.check_writable()
        return chat

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """Return a message of a chat, None when there is none."""
        return self._messages.get((chat_id, message_id))

    def post(
        self, chat: Chat, sender: User, content: FormattedText = NO_TEXT, **details: Any
    ) -> Message:
        """Put a message into a chat.

        Message ids are one series over private chats and basic groups, and one of its own in
        each supergroup.
        """
        series = chat.id if chat.has_own_message_ids else 0
        message_id = self._last_message_ids.get(series, 0) + 1
        self._last_message_ids[series] = message_id
        content = self._with_known_users(content)
        message = Message(
            message_id=message_id,
            chat=chat,
            sender=sender,
            date=int(self.clock.now()),
            content=content,
            mentioned=self._mentioned(content),
            **details,
        )
        self._messages[chat.id, message_id] = message
        if isinstance(chat, Group) and sender.is_bot:
            chat.last_bot_id = sender.id
        if sender == self.bot and not message.is_service:
            chat.replies.put_nowait(message)
        return message

    def edit(self, message: Message, content: FormattedText) -> None:
        """Replace a message's text and note the time."""
        message.content = self._with_known_users(content)
        message.mentioned = self._mentioned(message.content)
        self.mark_edited(message)

    def mark_edited(self, message: Message) -> None:
        """Note the time of an edit, and show the bot's own to who reads the chat."""
        message.edit_date = int(self.clock.now())
        if message.sender == self.bot:
            message.chat.edits.put_nowait(message)

    def delete(self, message: Message) -> None:
        """Remove a message from its chat."""
        del self._messages[message.chat.id, message.message_id]

    def _with_known_users(self, content: FormattedText) -> FormattedText:
        """Drop mentions of users that the bot has never met (Bot API, "Formatting options")."""
        if not any(each.type == "text_mention" for each in content.entities):
            return content
        known = tuple(
            each
            for each in content.entities
            if each.type != "text_mention" or each.user_id in self._users
        )
        return FormattedText(content.text, known)

    def _mentioned(self, content: FormattedText) -> dict[int, User]:
        ids = {each.user_id for each in content.entities if each.type == "text_mention"}
        return {user_id: self._users[user_id] for user_id in ids}
