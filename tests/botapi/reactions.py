"""Reactions of the bot and of users (Bot API, ReactionTypeEmoji, MessageReactionUpdated)."""

from collections.abc import Mapping
from typing import Any

from tests.botapi.errors import bad_request, not_modelled
from tests.botapi.messages import Message
from tests.botapi.people import User

MAX_BY_BOT = 1  # "As non-premium users, bots can set up to one reaction per message"
_LISTED = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 "
    "🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
    "🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ "
    "💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡 "
)
REACTIONS = frozenset(_LISTED.split())


def checked_reactions(reactions: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a bot's reactions as they are shown.

    Raises:
        ApiError: 400 for an emoji that is no reaction and for more than one.
    """
    if len(reactions) > MAX_BY_BOT:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction["type"] != "emoji":
            raise not_modelled(f'reactions of type "{reaction["type"]}"')
        if reaction.get("emoji") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    return [dict(each) for each in reactions]


def changed_reaction(message: Message, user: User, emoji: str, *, now: float) -> dict[str, Any]:
    """Set a user's reaction, or take it back for no emoji; return the MessageReactionUpdated.

    Raises:
        ValueError: for an emoji that no client offers.
    """
    if emoji and emoji not in REACTIONS:
        raise ValueError(f"no client offers {emoji!r} as a reaction")
    old = message.reactions.get(user.id, [])
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    message.reactions[user.id] = new
    return {
        "chat": message.chat.to_json(),
        "message_id": message.message_id,
        "user": user.to_json(),
        "date": int(now),
        "old_reaction": old,
        "new_reaction": new,
    }
