"""Taking back what a build did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.maintenance.publishing import check_engine, publish
from index.errors import CorpusError, LiveChangedError, NoEarlierGenerationError
from index.history import seeds_digest
from index.rollback import roll_back
from index.seeds import fingerprints_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings

__all__ = ["go_back"]


def go_back(
    settings: Settings,
    *,
    confirmed: tuple[str, str] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> tuple[str, str]:
    """Make the generation before live again; return the one that was live and the one that is.

    `confirmed` and `on_wait` are those of `roll_back`.

    Raises:
        LiveChangedError: it would be others than those confirmed.
        NoEarlierGenerationError: there is none.
        EngineError: the engine at INDEX_URL can't be used, and nothing is changed; or, where it
            went away in between, it is so here and not yet there.
    """
    check_engine(settings)
    try:
        digest = seeds_digest(fingerprints_of(settings.seeds_dir))
    except CorpusError:
        digest = ""  # without documents there is nothing to hold the rollback against
    try:
        rolled_back = roll_back(settings.state_dir, digest, confirmed=confirmed, on_wait=on_wait)
    except (LiveChangedError, NoEarlierGenerationError):
        publish(settings, on_wait)  # what this was asked for before may have ended half-way
        raise
    publish(settings)
    return rolled_back
