"""One bot as a test sees it: its users and groups, its queue, its calls, its script of faults."""

from tests.botapi.account import Account
from tests.botapi.calls import CallLog
from tests.botapi.errors import ApiError
from tests.botapi.faults import Faults
from tests.botapi.groups import ScriptedGroup
from tests.botapi.rates import Rates
from tests.botapi.updates import UpdateQueue
from tests.botapi.users import ScriptedUser
from tests.botapi.world import World


class Scene:
    """Everything around one bot; another bot on the same server has a world of its own."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.clock = account.clock
        self.token = account.token

    @property
    def calls(self) -> CallLog:
        """The record of the bot's calls."""
        return self.account.calls

    @property
    def updates(self) -> UpdateQueue:
        """The bot's queue of updates, for what no scripted user does."""
        return self.account.updates

    @property
    def world(self) -> World:
        """The users, chats and messages."""
        return self.account.world

    @property
    def faults(self) -> Faults:
        """What is to go wrong, by script."""
        return self.account.faults

    def user(self, first_name: str = "Ada", **names: str) -> ScriptedUser:
        """Make a new user; `last_name`, `username` and `language_code` are optional."""
        return ScriptedUser(self.account, self.world.new_chat(first_name, **names))

    def group(self, title: str, *members: ScriptedUser) -> ScriptedGroup:
        """Make a basic group; the first member owns it, and the bot is not in it yet."""
        return ScriptedGroup.new(self.account, "group", title, members)

    def supergroup(
        self, title: str, *members: ScriptedUser, username: str = "", is_forum: bool = False
    ) -> ScriptedGroup:
        """Make a supergroup, as a forum if it shall have topics."""
        return ScriptedGroup.new(
            self.account, "supergroup", title, members, username=username, is_forum=is_forum
        )

    def enable_inline(self, *, gives_feedback: bool = True) -> None:
        """Turn inline mode on, as /setinline and /setinlinefeedback do with BotFather."""
        self.account.inline.is_on = True
        self.account.inline.gives_feedback = gives_feedback

    def set_privacy(self, *, is_on: bool, sees_mentions: bool = False) -> None:
        """Set privacy mode, as /setprivacy does; and whether plain @mentions pass it."""
        self.account.privacy.is_on = is_on
        self.account.privacy.sees_mentions = sees_mentions

    def enforce_rates(
        self, *, chat_burst: int = 3, group_per_minute: int = 20, overall_per_s: int = 30
    ) -> None:
        """Refuse with 429 from now on what exceeds the published rates."""
        self.account.rates = Rates(
            self.clock,
            chat_burst=chat_burst,
            group_per_minute=group_per_minute,
            overall_per_s=overall_per_s,
        )

    def revoke_token(self) -> None:
        """Answer 401 from now on, as after /revoke."""
        self.account.is_revoked = True
        self.updates.end_poll(ApiError(401, "Unauthorized"))

    def proxy(self, origin: str, *, to: str) -> None:
        """Let webhooks at `origin`, such as https://bot.example, reach the local address `to`."""
        self.account.delivery.proxies[origin] = to
