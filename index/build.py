"""Bring the index up to date with the folder of documents."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from index.assembling import assemble
from index.cache import BuildCache
from index.cache_keys import KEY_BYTES
from index.corpus import survey
from index.documents import EXTRACTION_VERSION
from index.encoders import forget_exports
from index.errors import EmptyCorpusError, GenerationError, NotPromotedError
from index.generation import Generation
from index.generations import KEEP, Generations
from index.intake import Intake, ToMake, detected_language
from index.language import primary, settle
from index.locking import build_lock
from index.making import Maker
from index.past import Past
from index.promotion import judge
from index.remembered import Remembered
from index.stamps import Stamps
from index.types import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.errors import UnreadableFileError
    from index.promotion import Judgement, Promotion
    from index.searches import IndexKind, Measured
    from index.types import Encoder, EncoderIdentity, Progress, StageProgress

__all__ = ["BuildReport", "build", "index_documents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did.

    `furniture` holds the lines set aside, by the path of each document that was read.
    """

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

    Documents that are as they were stay in their segments; all others go into a new one.

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
        found = survey(seeds_dir)
        generations = Generations(state_dir, keep=keep)
        maker = Maker.of(encoder, kind=kind, cache=cache)
        past = Past.of(generations, "" if is_from_scratch else maker.recipe)
        remembered = Remembered(cache, stamps, found)
        reading = _of_stage(progress, Stage.READING)
        intake = Intake(found, remembered, cache, past.assembly, reading)
        if not len(intake):
            raise EmptyCorpusError(seeds_dir, intake.problems)
        made, segments = None, dict(past.segments)
        if intake.count_to_make:
            encoding = _of_stage(progress, Stage.ENCODING)
            with generations.writing():
                new, segments[new] = generations.segments.write(
                    lambda folder: maker.make(
                        folder, intake.to_make(), intake.count_to_make, encoding
                    )
                )
            made = generations.segments.load(new)
        assembly = past.with_made(intake.placed(), made)
        judgements: list[Judgement] = []

        def write(folder: Path) -> Mapping[str, Measured]:
            assemble(folder, assembly, past.projection or maker.projection, past.before)
            judging = _of_stage(progress, Stage.JUDGING)
            now = Generation.load(folder, name=folder.name)
            judgements.append(
                judge(
                    now,
                    encoder,
                    promotion,
                    generations=generations,
                    before=past.live,
                    progress=judging,
                )
            )
            return generations.segments.searches(assembly)

        name = generations.write(
            write,
            documents=len(assembly.documents),
            passages=len(assembly.passages),
            encoder=encoder.identity,
            extraction=EXTRACTION_VERSION,
            seeds=intake.fingerprints,
            segments={each.name: segments[each.name] for each in assembly.segments},
            recipe=maker.recipe,
        )
        (judgement,) = judgements
        before = generations.segments.cache_keys()
        if judgement.is_promoted:
            generations.make_live(name)
        else:
            generations.withhold(name)
        after = generations.segments.cache_keys()
        gone = [keys for segment, keys in before.items() if segment not in after]
        is_all_new = past.before is None
        cache.prune(list(after.values()), None if is_all_new else gone)
        forget_exports(state_dir, {encoder.identity, *_encoders_of(generations)})
        with suppress(OSError):  # without stamps, the next build reads every file again
            stamps.save(state_dir)
    if not judgement.is_promoted:
        raise NotPromotedError(
            name,
            (*map(str, intake.problems), *judgement.problems()),
            tolerance=promotion.tolerance if promotion else 0,
        )
    return BuildReport(
        generation=name,
        documents=len(assembly.documents),
        passages=len(assembly.passages),
        problems=tuple(intake.problems),
        furniture=intake.furniture,
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
    maker = Maker.of(encoder)
    generations = Generations(state_dir)
    with generations.writing():
        new, sha256 = generations.segments.write(
            lambda folder: maker.make(folder, _settled(documents), len(documents), progress)
        )
        made = generations.segments.load(new)
        assembly = Past.nothing().with_made([None] * len(documents), made)

        def write(folder: Path) -> Mapping[str, Measured]:
            assemble(folder, assembly, maker.projection)
            return generations.segments.searches(assembly)

        name = generations.write(
            write,
            documents=len(documents),
            passages=len(assembly.passages),
            encoder=encoder.identity,
            extraction=EXTRACTION_VERSION,
            seeds=seeds,
            segments={new: sha256},
        )
        generations.make_live(name)
    return name, len(assembly.passages)


def _settled(documents: Sequence[ParsedDocument]) -> Iterator[ToMake]:
    detected = [detected_language(parsed, None) for parsed in documents]
    for parsed, found, settled in zip(documents, detected, settle(detected), strict=True):
        stated = parsed.document.source.language
        language = primary(stated) if stated else settled
        document = replace(parsed.document, language=language)
        yield ToMake(
            parsed=replace(parsed, document=document), origin=bytes(KEY_BYTES), detected=found
        )


def _of_stage(progress: StageProgress | None, stage: Stage) -> Progress | None:
    return partial(progress, stage) if progress is not None else None


def _encoders_of(generations: Generations) -> Iterator[EncoderIdentity]:
    """Give the encoder of each kept generation."""
    for name in generations.names():
        with suppress(GenerationError):  # of another format: nobody can ask it any more
            yield generations.manifest(name).encoder
