"""Messages as they stand in chats, and as the Bot API shows them."""

from dataclasses import dataclass, field
from typing import Any

from tests.botapi.chats import Chat
from tests.botapi.entities import Entity, utf16_slice
from tests.botapi.files import Document
from tests.botapi.people import User
from tests.botapi.text import FormattedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The part of a message that a reply points at; `position` is in UTF-16 code units."""

    text: str
    position: int

    def to_json(self) -> dict[str, Any]:
        """Return the TextQuote object."""
        return {"text": self.text, "position": self.position, "is_manual": True}


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A message; an edit changes it in place and sets `edit_date`.

    `content` is the text, or the caption of what `document` or `extra` holds; `extra` has fields
    of the Message object that need no model of their own, such as those of service messages.
    """

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
    thread_id: int = 0
    is_topic_message: bool = False
    via_bot: User | None = None
    forward_origin: dict[str, Any] | None = None
    document: Document | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    inline_message_id: str = ""
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The plain text or caption, as a person reads it."""
        return self.content.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The marked spans, in order."""
        return self.content.entities

    @property
    def is_service(self) -> bool:
        """Whether it tells of an event, such as a new member."""
        return any(name in SERVICE_FIELDS for name in self.extra)

    @property
    def is_media(self) -> bool:
        """Whether the text is but a caption."""
        return self.document is not None or bool(self.extra)

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
        message = self._head_json()
        message |= self._content_json()
        if self.reply_to is not None:
            message["reply_to_message"] = self.reply_to.to_json()
            message["reply_to_message"].pop("reply_to_message", None)
        if self.quote is not None:
            message["quote"] = self.quote.to_json()
        if self.buttons:
            message["reply_markup"] = self.reply_markup
        if self.link_preview_options:
            message["link_preview_options"] = self.link_preview_options
        return message

    def _head_json(self) -> dict[str, Any]:
        head: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender.to_json(),
            "chat": self.chat.to_json(),
            "date": self.date,
        }
        if self.edit_date is not None:
            head["edit_date"] = self.edit_date
        if self.thread_id:
            head["message_thread_id"] = self.thread_id
        if self.is_topic_message:
            head["is_topic_message"] = True
        if self.via_bot is not None:
            head["via_bot"] = self.via_bot.to_json()
        if self.forward_origin:
            head["forward_origin"] = self.forward_origin
        return head

    def _content_json(self) -> dict[str, Any]:
        text, entities = ("caption", "caption_entities") if self.is_media else ("text", "entities")
        content = dict(self.extra)
        if self.document is not None:
            content["document"] = self.document.to_json()
        if self.text:
            content[text] = self.text
        if self.entities:
            content[entities] = [self._entity_json(each) for each in self.entities]
        return content

    def _entity_json(self, entity: Entity) -> dict[str, Any]:
        user = self.mentioned.get(entity.user_id)
        return entity.to_json() | ({"user": user.to_json()} if user else {})


SERVICE_FIELDS = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "group_chat_created",
        "supergroup_chat_created",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "forum_topic_created",
        "forum_topic_closed",
        "forum_topic_reopened",
    }
)
