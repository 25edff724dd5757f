"""Everything the server holds for one bot."""

from typing import Any

from tests.botapi.calls import CallLog
from tests.botapi.clock import Clock
from tests.botapi.commands import CommandLists
from tests.botapi.presses import Presses
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import User, World


class Account:
    """A bot's token, its world, its queue of updates, its settings and the record of its calls."""

    def __init__(self, token: str, *, first_name: str, username: str, clock: Clock) -> None:
        self.token = token
        bot = User(
            id=int(token.partition(":")[0]), first_name=first_name, username=username, is_bot=True
        )
        self.world = World(bot, clock)
        self.updates = UpdateQueue(clock)
        self.calls = CallLog()
        self.commands = CommandLists()
        self.webhook: dict[str, Any] = {}
        self.presses = Presses()
