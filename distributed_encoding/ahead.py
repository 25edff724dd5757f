"""All that a build will want encoded, encoded ahead of it by others and put into the cache.

The cache knows a text by the encoder and its own words, so that the build that comes next finds
everything there and encodes nothing. What was done stays done, whatever happens afterwards.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from index.cache import BuildCache
from index.corpus import survey
from index.encoded import Recipes
from index.errors import EmptyCorpusError
from index.generations import Generations
from index.intake import Intake
from index.locking import build_lock
from index.making import Maker
from index.past import Past
from index.preparation import prepare
from index.remembered import Remembered
from index.stamps import Stamps
from index.trained import trained_projection

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from index.encoding import PassageText
    from index.types import Encoder, Progress

__all__ = ["Ahead", "Done", "Spread", "Task", "encode_ahead"]

_AT_ONCE = 256  # texts
_DOCUMENTS = 256


class Task(NamedTuple):
    """Texts of one kind, by the keys of the cache, alike in length: one worker's next work."""

    kind: str
    texts: dict[bytes, str]


class Done(NamedTuple):
    """What the cache keeps of a task's texts, and which worker encoded them."""

    values: dict[bytes, bytes]
    worker: str


Spread: TypeAlias = "Callable[[Sequence[Task]], Generator[Done]]"
"""Gives all tasks to workers, and what comes back in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """How many texts, passages and sentences, each worker encoded."""

    by_worker: dict[str, int]

    @property
    def texts(self) -> int:
        """All that were encoded."""
        return sum(self.by_worker.values())


def encode_ahead(
    seeds_dir: Path,
    state_dir: Path,
    encoder: Encoder,
    spread: Spread,
    progress: Progress | None = None,
) -> Ahead:
    """Have everything encoded that a build of these documents would encode.

    Args:
        seeds_dir: the folder of documents.
        state_dir: where the cache is.
        encoder: counts tokens here; it is that of the workers too.
        spread: has tasks done.
        progress: told of the texts that are done.

    Raises:
        CorpusError: there is nothing to encode.
        StateFolderError: the cache can't be written.
        WorkersError: what `spread` could not mend; what was done by then is kept.
    """
    counts: Counter[str] = Counter()
    with build_lock(state_dir), BuildCache.open(state_dir) as cache:
        stamps = Stamps.load(state_dir)
        found = survey(seeds_dir)
        past = Past.of(Generations(state_dir), Maker.of(encoder, cache=cache).recipe)
        intake = Intake(found, Remembered(cache, stamps, found), cache, past.assembly)
        if not len(intake):
            raise EmptyCorpusError(seeds_dir, intake.problems)
        tasks = list(_tasks(list(_texts(intake, encoder, cache)), encoder, cache))
        with suppress(OSError):  # without stamps, the build reads every file again
            stamps.save(state_dir)
        total = sum(len(task.texts) for task in tasks)
        if not tasks:
            return Ahead(by_worker={})
        with closing(spread(tasks)) as results:
            for done in results:
                cache.put(done.values)
                counts[done.worker] += len(done.values)
                if progress is not None:
                    progress(counts.total(), total)
    return Ahead(by_worker=dict(counts))


def _texts(intake: Intake, encoder: Encoder, cache: BuildCache) -> Iterator[PassageText]:
    """Give what the encoder is given of each document that a build has to make."""
    documents = intake.to_make()
    while some := [each.parsed for each in islice(documents, _DOCUMENTS)]:
        for prepared in prepare(some, encoder, cache):
            yield from prepared.texts()


def _tasks(texts: Sequence[PassageText], encoder: Encoder, cache: BuildCache) -> Iterator[Task]:
    """Give what the cache misses, the longest first: a short task ends the work more evenly."""
    recipes = Recipes.from_encoder(encoder, trained_projection(encoder.identity))
    wanted = (
        (recipes.passages, (text.whole for text in texts)),
        (recipes.sentences, (part for text in texts for part in text.parts())),
    )
    for recipe, strings in wanted:
        missing = recipe.missing(strings, cache)
        order = sorted(missing, key=lambda key: -len(missing[key]))
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            yield Task(recipe.kind, {key: missing[key] for key in some})
