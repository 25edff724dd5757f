"""The published rates, enforced: too much too fast is refused with 429.

Source: core.telegram.org/bots/faq, "My bot is hitting limits": in a single chat more than one
message per second only in short bursts, in a group 20 messages per minute, 30 messages per second
in all. How long a wait is imposed is not published; here it is until the rate is met again.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from tests.botapi.chats import Chat, Group
from tests.botapi.clock import Clock
from tests.botapi.errors import ApiError

COUNTED = frozenset(
    {
        "sendMessage",
        "sendDocument",
        "forwardMessage",
        "copyMessage",
        "editMessageText",
        "editMessageReplyMarkup",
    }
)
_SLACK_S = 1e-6  # what adding and subtracting may lose


@dataclass(slots=True, kw_only=True)
class _Window:
    """At most `count` messages in any `seconds`."""

    count: int
    seconds: float
    sent_at: deque[float] = field(default_factory=deque)

    def wait_s(self, now: float) -> float:
        while self.sent_at and self.sent_at[0] <= now - self.seconds + _SLACK_S:
            self.sent_at.popleft()
        full = len(self.sent_at) >= self.count
        return self.sent_at[0] + self.seconds - now if full else 0.0


class Rates:
    """Limits per chat, per group and overall.

    `chat_burst` messages may follow one another at once, after which there is one a second: that
    is, at most that many in as many seconds.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        chat_burst: int = 3,
        group_per_minute: int = 20,
        overall_per_s: int = 30,
    ) -> None:
        self._clock = clock
        self._chat_burst = chat_burst
        self._group_per_minute = group_per_minute
        self._overall = _Window(count=overall_per_s, seconds=1.0)
        self._windows: dict[int, list[_Window]] = {}

    def admit(self, chat: Chat) -> None:
        """Count a message to `chat`.

        Raises:
            ApiError: 429 with retry_after in whole seconds; what is refused does not count.
        """
        now = self._clock.now()
        windows = [*self._windows.setdefault(chat.id, self._new_windows(chat)), self._overall]
        wait_s = max(each.wait_s(now) for each in windows)
        if wait_s > 0:
            raise too_many_requests(math.ceil(wait_s))
        for window in windows:
            window.sent_at.append(now)

    def _new_windows(self, chat: Chat) -> list[_Window]:
        windows = [_Window(count=self._chat_burst, seconds=self._chat_burst)]
        if isinstance(chat, Group):
            windows.append(_Window(count=self._group_per_minute, seconds=60.0))
        return windows


def too_many_requests(retry_after_s: int) -> ApiError:
    """Return a 429 (telegram-bot-api, Client.cpp, fail_query_flood_limit_exceeded)."""
    return ApiError(
        429,
        f"Too Many Requests: retry after {retry_after_s}",
        {"retry_after": retry_after_s},
    )
