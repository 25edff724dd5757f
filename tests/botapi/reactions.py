"""Which reactions there are (Bot API, ReactionTypeEmoji and setMessageReaction)."""

from collections.abc import Mapping
from typing import Any

from tests.botapi.errors import bad_request, not_modelled

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


def as_reactions(emoji: str) -> list[dict[str, Any]]:
    """Return what a user's client sends for an emoji, nothing for none.

    Raises:
        ValueError: for an emoji that no client offers.
    """
    if not emoji:
        return []
    if emoji not in REACTIONS:
        raise ValueError(f"no client offers {emoji!r} as a reaction")
    return [{"type": "emoji", "emoji": emoji}]
