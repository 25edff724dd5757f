"""What is a question to the bot, in private and in groups; other people's talk never is."""

from typing import Any

import pytest
from telegram import Bot, Message, Update

from bot.questions.addressing import question_in

ME = {"id": 42, "is_bot": True, "first_name": "Verbatim", "username": "verbatim_bot"}
ADA = {"id": 7, "is_bot": False, "first_name": "Ada"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -5, "type": "supergroup", "title": "Readers"}
OF_ME = {"message_id": 1, "date": 0, "chat": GROUP, "from": ME, "text": "I said"}
OF_ADA = OF_ME | {"from": ADA}


def entity(kind: str, text: str, part: str, **details: Any) -> dict[str, Any]:
    """Return the entity of a part of a text, in UTF-16 units."""
    offset = len(text[: text.index(part)].encode("utf-16-le")) // 2
    return {"type": kind, "offset": offset, "length": len(part.encode("utf-16-le")) // 2} | details


def message(text: str | None, *, chat: dict[str, Any] = GROUP, **details: Any) -> Message:
    """Return a message as the bot gets it; a leading command and mentions are marked."""
    bot = Bot("42:token")
    bot._bot_user = Update.de_json({"update_id": 1, "message": OF_ME}, bot).message.from_user  # type: ignore[union-attr]
    body = {"message_id": 3, "date": 0, "chat": chat, "from": ADA} | details
    if text is not None:
        entities = []
        if text.startswith("/"):
            entities.append(entity("bot_command", text, text.split()[0]))
        entities += [
            entity("mention", text, word.rstrip("?,"))
            for word in text.split()
            if word.startswith("@")
        ]
        body |= {"text": text, "entities": details.get("entities", entities)}
    update = Update.de_json({"update_id": 1, "message": body}, bot)
    assert update.message is not None
    return update.message


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("/ask who is it?", "who is it?"),
        ("/ask@verbatim_bot who is it?", "who is it?"),
        ("/ASK@Verbatim_Bot\nwho\nis it?", "who\nis it?"),
        ("/ask", ""),
        ("/ask@verbatim_bot", ""),
        ("/ask@another_bot who is it?", None),
        ("/asked who is it?", None),
        ("/sources", None),
        (None, None),
    ],
)
def test_ask_is_for_the_bot_anywhere(
    chat: dict[str, Any], text: str | None, question: str | None
) -> None:
    """With its name or without; another bot's command is not its own."""
    assert question_in(message(text, chat=chat)) == question


def test_any_text_in_private_is_a_question() -> None:
    """Also one that mentions somebody, or is forwarded."""
    assert question_in(message("who is @ada?", chat=PRIVATE)) == "who is @ada?"
    origin = {"type": "user", "date": 0, "sender_user": ADA}
    assert question_in(message("who?", chat=PRIVATE, forward_origin=origin)) == "who?"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("who is it?", None),
        ("@verbatim_bot who is it?", "who is it?"),
        ("who is it, @Verbatim_Bot?", "who is it, ?"),
        ("👍🏽 @verbatim_bot who?", "👍🏽  who?"),
        ("@verbatim_bot", ""),
        ("@verbatim_bots who is it?", None),
        ("@ada who is it?", None),
    ],
)
def test_a_mention_in_a_group_asks(text: str, question: str | None) -> None:
    """The mention itself is left out; of others the bot takes no notice."""
    assert question_in(message(text)) == question


def test_a_mention_without_a_name_asks() -> None:
    """Clients may link a name to the bot."""
    text = "Verbatim, who is it?"
    linked = [entity("text_mention", text, "Verbatim", user=ME)]
    assert question_in(message(text, entities=linked)) == "who is it?"
    other = [entity("text_mention", text, "Verbatim", user=ADA)]
    assert question_in(message(text, entities=other)) is None


def test_a_reply_to_the_bot_asks() -> None:
    """A reply to somebody else does not, nor does what stands in a topic that the bot made."""
    assert question_in(message("and where?", reply_to_message=OF_ME)) == "and where?"
    assert question_in(message("and where?", reply_to_message=OF_ADA)) is None
    topic = OF_ME | {"forum_topic_created": {"name": "Physics", "icon_color": 0}}
    assert question_in(message("and where?", reply_to_message=topic)) is None
    assert question_in(message("/sources", reply_to_message=OF_ME)) is None


@pytest.mark.parametrize(
    "details",
    [
        {"via_bot": ME},
        {"is_automatic_forward": True},
        {"forward_origin": {"type": "user", "date": 0, "sender_user": ADA}},
    ],
)
def test_what_others_said_is_not_asked(details: dict[str, Any]) -> None:
    """Quotes sent by inline mode, a channel's posts and forwarded talk hold no question."""
    assert question_in(message("@verbatim_bot who?", **details)) is None
    assert question_in(message("/ask who?", **details)) is None


def test_a_quote_by_inline_mode_in_private_is_no_question() -> None:
    """What the bot itself offered is not asked back."""
    assert question_in(message("It was late.", chat=PRIVATE, via_bot=ME)) is None
