"""What the bot remembers, one module a table.

Each class has `forget_within(connection, user_id)`, for /forget, and `prune_within(connection)`,
which the service calls every hour.
"""

from __future__ import annotations

from bot.memory.cards import Cards

__all__ = ["MEMORIES"]

MEMORIES = (Cards,)
"""All of them; each is made of the store and the bot's id."""
