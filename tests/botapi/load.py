"""Many users asking many questions, with the time that each answer took."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.messages import Message
from tests.botapi.scene import Scene
from tests.botapi.users import ScriptedUser


@dataclass(slots=True, kw_only=True)
class LoadReport:
    """What came of it; latencies are seconds from a question to its first answer."""

    asked: int = 0
    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    out_of_order: int = 0
    further_messages: int = 0

    @property
    def answered(self) -> int:
        """How many questions got an answer."""
        return len(self.latencies_s)

    def percentile_s(self, percent: float) -> float:
        """Return the latency that `percent` of the answers did not exceed, 0 without answers."""
        if not self.latencies_s:
            return 0.0
        ranked = sorted(self.latencies_s)
        return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]

    def to_json(self) -> dict[str, Any]:
        """Return the figures, without the single latencies."""
        return {
            "asked": self.asked,
            "answered": self.answered,
            "seconds": round(self.seconds, 3),
            "answers_per_s": round(self.answered / self.seconds, 1) if self.seconds else 0.0,
            "p50_ms": round(1000 * self.percentile_s(50), 1),
            "p99_ms": round(1000 * self.percentile_s(99), 1),
            "max_ms": round(1000 * max(self.latencies_s, default=0.0), 1),
            "out_of_order": self.out_of_order,
            "further_messages": self.further_messages,
        }


async def run_load(
    scene: Scene,
    *,
    users: int,
    questions: int,
    text: Callable[[int], str] = "question {}".format,
    is_burst: bool = False,
    timeout_s: float = 60.0,
) -> LoadReport:
    """Let new users ask `questions` in all, dealt out in turn, and wait for the answers.

    Each asks the next question when the last one is answered, or with `is_burst` all at once. A
    message that replies to a question answers it; one that replies to nothing answers the oldest
    one that is open. What comes beyond that counts as a further message.
    """
    report = LoadReport()
    people = [scene.user(f"User {number}") for number in range(users)]
    started_at = time.perf_counter()
    tasks = [
        asyncio.create_task(
            _converse(person, deque(range(number, questions, users)), text, is_burst, report)
        )
        for number, person in enumerate(people)
    ]
    _, late = await asyncio.wait(tasks, timeout=timeout_s)
    report.seconds = time.perf_counter() - started_at
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return report


async def _converse(
    person: ScriptedUser,
    to_ask: deque[int],
    text: Callable[[int], str],
    is_burst: bool,  # noqa: FBT001 -- private, and called once
    report: LoadReport,
) -> None:
    asked_at: dict[int, float] = {}  # by message id, oldest first
    while to_ask or asked_at:
        if to_ask and (is_burst or not asked_at):
            message = await person.say(text(to_ask.popleft()))
            asked_at[message.message_id] = time.perf_counter()
            report.asked += 1
            continue
        reply = await person.chat.replies.get()
        answered = _answered_by(reply, asked_at)
        if answered is None:
            report.further_messages += 1
            continue
        report.out_of_order += answered != next(iter(asked_at))
        report.latencies_s.append(time.perf_counter() - asked_at.pop(answered))


def _answered_by(reply: Message, asked_at: dict[int, float]) -> int | None:
    if reply.reply_to is None:
        return next(iter(asked_at), None)
    message_id = reply.reply_to.message_id
    return message_id if message_id in asked_at else None
