"""What the bot remembers, one module a table.

Each class has `forget_within(connection, user_id)`, for /forget, and `prune_within(connection)`,
which the service calls every hour.
"""

from __future__ import annotations

from bot.memory.asked import Asked
from bot.memory.cards import Cards
from bot.memory.invites import Invites
from bot.memory.linked import Linked
from bot.memory.offers import Offers
from bot.memory.rebuilds import Rebuilds
from bot.memory.turns import Turns
from bot.memory.uses import Uses
from bot.memory.votes import Votes
from bot.memory.waiting import Waiting

__all__ = ["MEMORIES"]

MEMORIES = (
    Cards,
    Invites,
    Uses,
    Votes,
    Asked,
    Waiting,
    Linked,
    Turns,
    Offers,
    Rebuilds,
)
"""All of them; each is made of the store and the bot's id."""
