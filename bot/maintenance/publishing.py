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
    from bot.settings import Settings

__all__ = ["publish"]


def publish(settings: Settings) -> None:
    """Have the engine serve the generation that is live here, where it serves another.

    Without INDEX_URL, or an index here, there is nothing to do. What was pushed before and is
    still there is made live again without being sent anew.

    Raises:
        EngineError: the engine can't be used; what it served it goes on serving.
    """
    if settings.index_url is None:
        return
    with build_lock(settings.state_dir), engine_of(settings) as engine:
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
