"""A bot with an admin, over a small index, whose builds need no model and no process."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

from bot.maintenance import rebuilding
from bot.maintenance.attended import build_attended
from bot.maintenance.events import BuildEvent
from bot.maintenance.maintaining import bring_up_to_date
from bot.settings import Settings
from bot.texts import texts_for
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever
from tests.botapi import BotApi
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import pytest

    from bot.maintenance.events import Progress
    from tests.botapi import ScriptedUser


async def build_here(settings: Settings, on_progress: Callable[[Progress], None]) -> BuildEvent:
    """Build as `build_apart` does, in this process."""
    out = StringIO()
    await asyncio.to_thread(build_attended, settings, lambda _: FakeEncoder(), out=out)
    events = [BuildEvent.model_validate_json(line) for line in out.getvalue().splitlines()]
    for event in events:
        if event.progress is not None:
            on_progress(event.progress)
    return events[-1]


class Building:
    """A build that waits until it is let go; `progress` is what it tells meanwhile."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.let_go = asyncio.Event()
        self.tell: Callable[[Progress], None] = print

    async def __call__(
        self, settings: Settings, on_progress: Callable[[Progress], None]
    ) -> BuildEvent:
        """Wait, then build."""
        self.tell = on_progress
        self.begun.set()
        await self.let_go.wait()
        return await build_here(settings, on_progress)


@asynccontextmanager
async def maintained(
    monkeypatch: pytest.MonkeyPatch,
    *,
    build: Any = build_here,
    is_built: bool = True,
    language: str = "en",
    **more: Any,
) -> AsyncIterator[tuple[BotApi, ScriptedUser]]:
    """Give a server whose bot has one admin, and that person; the folders are the usual ones."""
    settings = Settings.from_flags()
    if is_built:
        bring_up_to_date(settings, FakeEncoder())
    monkeypatch.setattr(rebuilding, "build_apart", build)
    monkeypatch.setattr(rebuilding, "_LOOK_S", 0.02)
    async with BotApi() as api:
        admin = api.user("Ada", language_code=language)
        more["admin_ids"] = frozenset({admin.id})
        async with running(api, ScriptedRetriever(), settings.state_dir, **more):
            yield api, admin


async def reported(user: ScriptedUser, language: str = "en") -> str:
    """Return the report of a build, which stands where its progress did."""
    texts = texts_for(language)
    going_on = tuple(
        texts(name, done=0, total=0).partition(":")[0]
        for name in ("rebuild-reading", "rebuild-encoding", "rebuild-judging")
    )
    while (text := (await user.wait_edit(timeout_s=30)).text).startswith(going_on):
        pass
    return text
