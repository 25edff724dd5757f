"""Back to the generation that was live before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.durable import replace_durably
from index.errors import LiveChangedError, NoEarlierGenerationError, NoGenerationError
from index.generations import Generations
from index.locking import build_lock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["roll_back", "rolls_back_to"]


def roll_back(
    state_dir: Path,
    seeds: str,
    *,
    confirmed: tuple[str, str] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> tuple[str, str]:
    """Make the generation live that was so before this one; return both names, this one first.

    `seeds` is `seeds_digest` of the documents as they are now: until they change, nothing is built
    over the rollback unless somebody asks for it. `confirmed` holds the names that this must
    return; `on_wait` is called before waiting for a build at work, and may raise instead.

    Raises:
        LiveChangedError: it would be others than those confirmed.
        NoGenerationError: nothing was built yet.
        NoEarlierGenerationError: there is none to go back to.
        GenerationError: it is damaged.
        StateFolderError: the folder can't be written; what was live stays so.
    """
    generations = Generations(state_dir)
    with build_lock(state_dir, on_wait):
        live, earlier = rolls_back_to(state_dir)
        if confirmed not in {None, (live, earlier)}:
            raise LiveChangedError(live)
        generations.check(generations.manifest(earlier))
        history = generations.history()
        rolled_back = {"rolled_back_from": live, "rolled_back_seeds": seeds}
        try:
            history.model_copy(update=rolled_back).save(generations.pointer.parent)
            replace_durably(generations.pointer, f"{earlier}\n".encode())
        except OSError as error:
            raise generations.unwritable(error) from error
    return live, earlier


def rolls_back_to(state_dir: Path) -> tuple[str, str]:
    """Return the live generation's name, and that of the one that a rollback would make live.

    Raises:
        NoGenerationError: nothing was built yet.
        NoEarlierGenerationError: there is none to go back to.
        GenerationError: CURRENT is damaged.
    """
    generations = Generations(state_dir)
    live = generations.current()
    if live is None:
        raise NoGenerationError(state_dir)
    earlier = generations.history().before(live, among=generations.names())
    if earlier is None:
        raise NoEarlierGenerationError(live)
    return live, earlier
