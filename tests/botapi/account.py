"""Everything the server holds for one bot."""

from typing import TYPE_CHECKING, Any

from tests.botapi.calls import CallLog
from tests.botapi.chats import Group
from tests.botapi.clock import Clock
from tests.botapi.commands import CommandLists
from tests.botapi.delivery import Delivery
from tests.botapi.errors import ApiError
from tests.botapi.faults import Faults
from tests.botapi.inline import InlineMode
from tests.botapi.messages import Message
from tests.botapi.people import User
from tests.botapi.presses import Presses
from tests.botapi.privacy import Privacy
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import World

if TYPE_CHECKING:
    import asyncio

    from tests.botapi.rates import Rates
    from tests.botapi.webhooks import Webhook


class Account:
    """A bot's token, its world, its queue of updates, its settings and the record of its calls."""

    def __init__(self, token: str, *, first_name: str, username: str, clock: Clock) -> None:
        self.token = token
        bot = User(
            id=int(token.partition(":")[0]), first_name=first_name, username=username, is_bot=True
        )
        self.clock = clock
        self.world = World(bot, clock)
        self.updates = UpdateQueue(clock)
        self.calls = CallLog()
        self.commands = CommandLists()
        self.presses = Presses(clock)
        self.inline = InlineMode(clock)
        self.privacy = Privacy()
        self.faults = Faults()
        self.rates: Rates | None = None
        self.webhook: Webhook | None = None
        self.delivery = Delivery(self.updates, clock)
        self.effects: set[asyncio.Task[Any]] = set()
        self.started_at = clock.now()
        self.is_revoked = False
        self.is_logged_out = False

    def check_open(self) -> None:
        """Refuse a bot whose token was revoked or who has logged out.

        Raises:
            ApiError: 401 or 400.
        """
        if self.is_revoked:
            raise ApiError(401, "Unauthorized")
        if self.is_logged_out:
            raise ApiError(400, "Logged out")

    def deliver(self, message: Message, kind: str = "message") -> None:
        """Queue a message that is not the bot's own, if the bot may see it."""
        chat = message.chat
        if not isinstance(chat, Group) or self.privacy.is_visible(chat, message, self.world.bot):
            self.updates.put(kind, message.to_json())
