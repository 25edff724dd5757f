"""Puts what is live in the state folder on the engine at INDEX_URL."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.engine import engine_of
from index.errors import GenerationError
from index.generations import Generations
from index.locking import build_lock
from index.served.generations import ServedGenerations

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings

__all__ = ["check_engine", "publish"]


def check_engine(settings: Settings) -> None:
    """Do nothing where there is no INDEX_URL, or what is there can be used.

    Raises:
        EngineError: it can't be.
    """
    if settings.index_url is None:
        return
    with engine_of(settings) as engine:
        ServedGenerations(engine, keep=settings.keep_generations).current()


def publish(settings: Settings, on_wait: Callable[[], None] | None = None) -> None:
    """Have the engine serve the generation that is live here, where it serves another.

    Without INDEX_URL, or an index here, there is nothing to do. What was pushed before and is
    still there is made live again without being sent anew. `on_wait` is called before waiting for
    a build at work, and may raise instead.

    Raises:
        EngineError: the engine can't be used; what it served it goes on serving.
    """
    if settings.index_url is None:
        return
    with build_lock(settings.state_dir, on_wait), engine_of(settings) as engine:
        served = ServedGenerations(engine, keep=settings.keep_generations)
        try:
            name = Generations(settings.state_dir).current()
        except GenerationError:
            return  # a build is what mends it
        if name is None or served.current() == name:
            return
        generation, manifest = Generations(settings.state_dir).load()
        sys.stderr.write(f"verbatim: putting {generation.name} on {engine.address}\n")
        served.push(generation, manifest)
        served.make_live(generation.name)
