"""What the bot remembers, one module a table.

Each class has `forget_within(connection, user_id)`, for /forget, and `prune_within(connection)`,
which the service calls every hour.
"""

from __future__ import annotations

from bot.memory.cards import Cards
from bot.memory.linked import Linked
from bot.memory.turns import Turns

__all__ = ["MEMORIES"]

MEMORIES = (Cards, Linked, Turns)
"""All of them; each is made of the store and the bot's id."""
