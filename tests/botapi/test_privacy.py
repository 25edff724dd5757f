"""Privacy mode: what a bot sees of a group.

Source: core.telegram.org/bots/features, "Privacy mode".
"""

from collections.abc import Callable

import pytest

from tests.botapi import BotApi, ScriptedGroup, ScriptedUser

Seen = Callable[[], list[str]]


@pytest.fixture
def ada(api: BotApi) -> ScriptedUser:
    """Return a member of the group."""
    return api.user("Ada")


@pytest.fixture
def group(api: BotApi, ada: ScriptedUser) -> ScriptedGroup:
    """Return a group that the bot is in."""
    group = api.supergroup("Readers", ada)
    group.add_bot()
    api.updates.clear()
    return group


@pytest.fixture
def seen(api: BotApi) -> Seen:
    """Return a function that takes out the texts of the messages that the bot got."""

    def take() -> list[str]:
        texts = [each.body["message"].get("text", "") for each in api.updates.pending]
        api.updates.clear()
        return texts

    return take


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [
        ("why?", False),
        ("/ask why?", True),
        ("/ask@verbatim_test_bot why?", True),
        ("/ask@Verbatim_Test_Bot why?", True),
        ("/ask@another_bot why?", False),
        ("please /ask@verbatim_test_bot", True),
        ("@verbatim_test_bot why?", False),
    ],
)
async def test_commands_pass(
    ada: ScriptedUser, group: ScriptedGroup, seen: Seen, text: str, *, is_seen: bool
) -> None:
    """Of plain messages only commands that may be meant for the bot pass."""
    await ada.say(text, to=group)
    assert seen() == ([text] if is_seen else [])


async def test_general_commands_are_for_who_wrote_last(
    ada: ScriptedUser, group: ScriptedGroup, seen: Seen
) -> None:
    """A /command without a name goes to the bot that was the last to write."""
    group.other_bot_says("hello")
    await ada.say("/ask why?", to=group)
    await ada.say("/ask@verbatim_test_bot why?", to=group)
    assert seen() == ["/ask@verbatim_test_bot why?"]


async def test_replies_pass(
    api: BotApi, ada: ScriptedUser, group: ScriptedGroup, seen: Seen
) -> None:
    """A reply to the bot passes; one to another bot is for that bot alone."""
    own = api.world.post(group.chat, api.world.bot)
    other = group.other_bot_says("hello")
    question = await ada.say("why?", to=group)
    await ada.say("to you", to=group, reply_to=own)
    await ada.say("/ask@verbatim_test_bot", to=group, reply_to=other)
    await ada.say("to myself", to=group, reply_to=question)
    assert seen() == ["to you"]


async def test_mentions_pass_by_choice(
    api: BotApi, ada: ScriptedUser, group: ScriptedGroup, seen: Seen
) -> None:
    """Sources disagree on a plain @mention, so a switch decides."""
    api.set_privacy(is_on=True, sees_mentions=True)
    await ada.say("@verbatim_test_bot why?", to=group)
    await ada.say("@somebody why?", to=group)
    assert seen() == ["@verbatim_test_bot why?"]


async def test_without_privacy_all_is_seen_but_bots(
    api: BotApi, ada: ScriptedUser, group: ScriptedGroup, seen: Seen
) -> None:
    """Bots with privacy mode off, and administrators, see all but other bots' messages."""
    api.set_privacy(is_on=False)
    await ada.say("why?", to=group)
    group.other_bot_says("because")
    assert seen() == ["why?"]
    api.set_privacy(is_on=True)
    group.promote_bot()
    api.updates.clear()
    await ada.say("why?", to=group)
    assert seen() == ["why?"]


async def test_service_messages_always_pass(api: BotApi, group: ScriptedGroup, seen: Seen) -> None:
    """All bots receive all service messages."""
    bob = api.user("Bob")
    group.add(bob)
    group.remove(bob)
    assert len(seen()) == 2


async def test_edits_follow_the_same_rule(
    api: BotApi, ada: ScriptedUser, group: ScriptedGroup
) -> None:
    """An edit that makes a message a command brings it to the bot, as edited_message."""
    message = await ada.say("why?", to=group)
    await ada.edit(message, "why not?")
    assert api.updates.pending_count == 0
    await ada.edit(message, "/ask why?")
    assert api.updates.pending[0].kind == "edited_message"
