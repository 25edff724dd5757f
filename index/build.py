"""Bring the index up to date with the folder of documents."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from index.arrays import load_arrays, save_arrays
from index.cache import BuildCache
from index.corpus import read_corpus
from index.encoders import forget_exports
from index.errors import EmptyCorpusError, GenerationError, NotPromotedError
from index.generations import KEEP, Generations
from index.locking import build_lock
from index.making import Made
from index.outline import outline_of, write_outline
from index.promotion import judge
from index.remembered import Remembered
from index.stamps import Stamps
from index.types import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.documents import ParsedDocument
    from index.errors import UnreadableFileError
    from index.promotion import Judgement, Promotion
    from index.searches import IndexKind, Measured
    from index.types import Encoder, EncoderIdentity, Progress, StageProgress

__all__ = ["BuildReport", "build", "index_documents"]

_CACHE_KEYS = "cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `furniture` holds, by document path, the lines set aside."""

    generation: str
    documents: int
    passages: int
    problems: tuple[UnreadableFileError, ...]
    furniture: dict[str, tuple[str, ...]]
    judgement: Judgement | None = None


def build(
    seeds_dir: Path,
    state_dir: Path,
    encoder: Encoder,
    progress: StageProgress | None = None,
    *,
    keep: int = KEEP,
    is_from_scratch: bool = False,
    promotion: Promotion | None = None,
    on_wait: Callable[[], None] | None = None,
    kind: IndexKind | None = None,
) -> BuildReport:
    """Build a new generation from every readable document and make it live.

    Args:
        seeds_dir: the folder of documents.
        state_dir: where generations and the cache are.
        encoder: what encodes.
        progress: told of each stage, and of the files and passages in it that are done.
        keep: how many generations to keep.
        is_from_scratch: forget what earlier builds learned, and work out everything again.
        promotion: what the generation must hold against the one before.
        on_wait: called when another build is at work, before waiting for its end.
        kind: how vectors are kept and searched; by default, as their number asks for.

    Raises:
        CorpusError: there is nothing to answer from; what was live stays so.
        StateFolderError: the state folder can't be written; what was live stays so.
        NotPromotedError: the new generation is worse; it is kept, and what was live stays so.
    """
    with build_lock(state_dir, on_wait), BuildCache.open(state_dir) as cache:
        if is_from_scratch:
            cache.clear()
        stamps = Stamps() if is_from_scratch else Stamps.load(state_dir)
        corpus = read_corpus(
            seeds_dir, Remembered(cache, stamps), _of_stage(progress, Stage.READING)
        )
        if not corpus.documents:
            raise EmptyCorpusError(seeds_dir, corpus.problems)
        generations = Generations(state_dir, keep=keep)
        encoding = _of_stage(progress, Stage.ENCODING)
        made = Made.from_documents(corpus.documents, encoder, encoding, cache)
        judgements: list[Judgement] = []

        def write(folder: Path) -> Mapping[str, Measured]:
            searches = made.write(folder, kind)
            save_arrays(folder, _CACHE_KEYS, {"keys": cache.used_keys()})
            outline = outline_of(made.documents, made.passages)
            write_outline(folder, outline)
            judging = _of_stage(progress, Stage.JUDGING)
            judgements.append(
                judge(folder, outline, generations, encoder, promotion, progress=judging)
            )
            return searches

        name = generations.write(
            write, **made.counts(), encoder=encoder.identity, seeds=corpus.fingerprints
        )
        (judgement,) = judgements
        if judgement.is_promoted:
            generations.make_live(name)
        else:
            generations.withhold(name)
        cache.prune(_keys_of(generations))
        forget_exports(state_dir, {encoder.identity, *_encoders_of(generations)})
        with suppress(OSError):  # without stamps, the next build reads every file again
            stamps.save(state_dir)
    if not judgement.is_promoted:
        raise NotPromotedError(
            name,
            (*map(str, corpus.problems), *judgement.problems()),
            tolerance=promotion.tolerance if promotion else 0,
        )
    return BuildReport(
        generation=name,
        documents=len(made.documents),
        passages=len(made.passages),
        problems=corpus.problems,
        furniture={parsed.document.source.path: parsed.furniture for parsed in corpus.documents},
        judgement=judgement,
    )


def index_documents(
    documents: Sequence[ParsedDocument],
    state_dir: Path,
    encoder: Encoder,
    *,
    seeds: Mapping[str, str],
    progress: Progress | None = None,
) -> tuple[str, int]:
    """Make a generation of these documents live; return its name and its number of passages.

    `seeds` maps the files they were read from to the SHA-256 of their bytes.

    Raises:
        StateFolderError: the state folder can't be written; what was live stays so.
    """
    made = Made.from_documents(documents, encoder, progress)
    generations = Generations(state_dir)
    with build_lock(state_dir):
        name = generations.write(
            made.write, **made.counts(), encoder=encoder.identity, seeds=seeds
        )
        generations.make_live(name)
    return name, len(made.passages)


def _of_stage(progress: StageProgress | None, stage: Stage) -> Progress | None:
    return partial(progress, stage) if progress is not None else None


def _encoders_of(generations: Generations) -> Iterator[EncoderIdentity]:
    """Give the encoder of each kept generation."""
    for name in generations.names():
        with suppress(GenerationError):  # of another format: nobody can ask it any more
            yield generations.manifest(name).encoder


def _keys_of(generations: Generations) -> Iterator[NDArray[np.uint8]]:
    """Give the keys of the cache that each kept generation was made of."""
    for name in generations.names():
        try:
            yield load_arrays(generations.folder_of(name), _CACHE_KEYS, ["keys"])["keys"]
        except (OSError, ValueError):
            continue  # of another format: what it was made of is of no use now
