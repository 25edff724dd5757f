"""A large index without hours of encoding: real passages, and imitations of them.

Passages come from the kept indexes of the collections, document by document, in one random order,
and every twenty or so make a new document, as long as a newspaper's article. Each passage is taken
as it is the first time. From then on it is an imitation: noise is added to its vectors, to its
sentences' and to its words', and a quarter of its index terms are swapped for terms of random
other passages; its text, which is only shown, stays. So sizes, lengths and the spread of the
vectors are real, while no two passages are the same to any search. What near-duplicates are found
by is random: there are none.

Each document is written to a file of its own, too, and the index is one segment that looks as if a
build had made it of those files: so the real build goes on from it when one of them changes. Its
cache is empty, though, or it would take as much room again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.collection import index_folder, open_index
from benchmarks.imitating import Imitation
from benchmarks.memory import memory, own_peak
from index.assembling import assemble
from index.documents import EXTRACTION_VERSION
from index.generations import Generations
from index.making import Maker
from index.past import Past
from index.segment_writer import SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.collection import Benchmark
    from index.searches import IndexKind, Measured
    from index.segment_writer import Written
    from index.types import Encoder

__all__ = ["SEEDS", "WRITING", "imitated_state"]

SEEDS = "seeds"
"""The folder in a state folder that holds the documents' files."""
WRITING = "writing.json"
"""The file of a state folder that says what it took to write the stores: seconds, and memory."""


def imitated_state(
    benchmarks: Sequence[Benchmark],
    encoder: Encoder,
    state: Path,
    count: int,
    kind: IndexKind | None = None,
) -> Path:
    """Return a state folder whose live generation has `count` passages, made at the first time."""
    names = [index_folder(each, encoder, state).name for each in benchmarks]
    digest = hashlib.sha256("\n".join([*names, str(kind)]).encode()).hexdigest()
    folder = state / f"imitation-{count}-{digest[:12]}"
    if not folder.is_dir():
        sources = [open_index(each, encoder, state) for each in benchmarks]
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        _write(Imitation(sources, count, unfinished / SEEDS), unfinished, encoder, kind)
        unfinished.rename(folder)
    return folder


def _write(imitation: Imitation, state: Path, encoder: Encoder, kind: IndexKind | None) -> None:
    """Enter an imitation into a state folder as if a build had made it."""
    before = memory()["own"]
    maker = Maker.of(encoder, kind=kind)
    generations = Generations(state)
    started = perf_counter()

    def make(folder: Path) -> Written:
        with SegmentWriter(folder, encoder.dimension, kind) as writer:
            for batch in imitation.batches():
                writer.append(batch)
            return writer.close()

    with generations.writing(), own_peak() as peak:
        segment, sha256 = generations.segments.write(make)
        made = generations.segments.load(segment)
        assembly = Past.nothing().with_made([None] * len(made.documents), made)

        def write(folder: Path) -> Mapping[str, Measured]:
            assemble(folder, assembly, maker.projection)
            return generations.segments.searches(assembly)

        name = generations.write(
            write,
            documents=len(made.documents),
            passages=len(made.passages),
            encoder=encoder.identity,
            extraction=EXTRACTION_VERSION,
            seeds=imitation.seeds,
            segments={segment: sha256},
            recipe=maker.recipe,
        )
        generations.make_live(name)
    took = {
        "seconds": perf_counter() - started,
        "own_bytes_before": before,
        "own_bytes": peak.bytes,
    }
    (state / WRITING).write_text(json.dumps(took), "utf-8")
