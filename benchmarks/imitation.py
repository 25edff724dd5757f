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
from dataclasses import replace
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.collection import index_folder, open_index
from benchmarks.memory import memory, own_peak
from index.analysis import Analyser
from index.arrays import joined, spread
from index.assembling import assemble
from index.documents import EXTRACTION_VERSION, document_id
from index.encoding import EncodedCorpus
from index.generations import Generations
from index.making import Maker
from index.passages import context_of
from index.past import Past
from index.remembered import reading_key
from index.segment_writer import Batch, SegmentWriter
from index.sentences import SentenceTable
from index.text import sha256_hex
from index.tokens import PieceStatistics, TokenStore
from index.types import Document, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.collection import Benchmark
    from index.generation import Generation
    from index.searches import IndexKind, Measured
    from index.segment_writer import Written
    from index.types import Encoder, Passage, Vectors

__all__ = ["SEEDS", "WRITING", "imitated_state"]

SEEDS = "seeds"
"""The folder in a state folder that holds the documents' files."""
WRITING = "writing.json"
"""The file of a state folder that says what it took to write the stores: seconds, and memory."""

_PER_DOCUMENT = 20
_DOCUMENTS_AT_ONCE = 100
_NOISE = 0.3  # the norm of what is added to a unit vector: the cosine with the real one is .96
_CODE_NOISE = 8  # of the 127 steps of a word's vector
_SWAPPED_TERMS = 0.25
_BANDS = 21


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
        _write(_Imitation(sources, count, unfinished / SEEDS), unfinished, encoder, kind)
        unfinished.rename(folder)
    return folder


def _write(imitation: _Imitation, state: Path, encoder: Encoder, kind: IndexKind | None) -> None:
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


class _Place(NamedTuple):
    """A passage of one of the generations, and how often it was taken before."""

    generation: int
    row: int
    copy: int


class _Imitation:
    """The documents that an index is made of, and their files."""

    def __init__(self, generations: Sequence[Generation], count: int, seeds: Path) -> None:
        """Make `count` passages from those of generations of the same encoder and projection."""
        self._generations = generations
        self._count = count
        self._folder = seeds
        self._rng = np.random.default_rng(0)
        self._terms = [_terms(each) for each in generations]
        self._every_term = np.array(
            [term for terms in self._terms for each in terms for term in each]
        )
        self.seeds: dict[str, str] = {}

    def batches(self) -> Iterator[Batch]:
        """Give all of them, and write their files."""
        self._folder.mkdir(parents=True)
        places = islice(_places(self._generations, self._rng), self._count)
        while some := list(islice(places, _PER_DOCUMENT * _DOCUMENTS_AT_ONCE)):
            yield self._batch(some)

    def _batch(self, places: Sequence[_Place]) -> Batch:
        documents: list[Document] = []
        origins: list[bytes] = []
        passages: list[Passage] = []
        for start in range(0, len(places), _PER_DOCUMENT):
            document, its_passages, origin = self._document(places[start : start + _PER_DOCUMENT])
            documents.append(document)
            origins.append(origin)
            passages += its_passages
        sentences, encoded = self._encoded(places)
        return Batch(
            documents=documents,
            origins=origins,
            detected=[document.language for document in documents],
            passages=passages,
            sentences=sentences,
            terms=[self._swapped(place) for place in places],
            encoded=encoded,
            bands=self._rng.integers(2**63, size=(len(places), _BANDS), dtype=np.uint64),
        )

    def _document(self, places: Sequence[_Place]) -> tuple[Document, list[Passage], bytes]:
        taken = [self._generations[place.generation].passages[place.row] for place in places]
        number = len(self.seeds)
        name = f"{number:06}.txt"
        text = f"Document {number}"
        starts = []
        for passage in taken:
            starts.append(len(text) + 2)
            text += f"\n\n{passage.text}"
        data = text.encode()
        (self._folder / name).write_bytes(data)
        self.seeds[name] = hashlib.sha256(data).hexdigest()
        id_ = document_id(name)
        document = Document(
            id=id_,
            source=Source(title=f"Document {number}", path=f"{SEEDS}/{name}"),
            text=text,
            content_hash=sha256_hex(text),
            language="en",
        )
        passages = [
            replace(
                passage,
                id=sha256_hex(f"{id_} {at}")[:16],
                document_id=id_,
                number=at,
                of=len(taken),
                start=start,
                end=start + len(passage.text),
            )
            for at, (passage, start) in enumerate(zip(taken, starts, strict=True), 1)
        ]
        return document, passages, reading_key(name, self.seeds[name], folder=SEEDS)

    def _encoded(self, places: Sequence[_Place]) -> tuple[SentenceTable, EncodedCorpus]:
        """Return what the encoder has to say of passages."""
        order: list[int] = []
        vectors, sentences, spans, starts, tokens = [], [], [], [], []
        for number, generation in enumerate(self._generations):
            mine = [at for at, place in enumerate(places) if place.generation == number]
            if mine:
                order += mine
                rows = np.array([places[at].row for at in mine], np.int64)
                start, its_sentences = spread(generation.sentences.start, rows)
                starts.append(start)
                spans.append(generation.sentences.spans[its_sentences])
                vectors.append(generation.vectors.vectors(rows))
                sentences.append(generation.sentence_vectors.vectors(its_sentences))
                tokens.append(generation.tokens.of_rows(rows))
        back = np.argsort(order)
        copied = np.array([place.copy > 0 for place in places])
        start, rows = spread(joined(starts), back)
        store = TokenStore.joined(tokens, tokens[0].statistics).of_rows(back)
        owner = np.repeat(np.arange(len(places), dtype=np.int32), np.diff(start))
        words = np.repeat(copied, np.diff(store.start))
        return (
            SentenceTable(start=start, spans=np.concatenate(spans)[rows], owner=owner),
            EncodedCorpus(
                passages=self._noisy(np.concatenate(vectors)[back], copied),
                sentences=self._noisy(np.concatenate(sentences)[rows], copied[owner]),
                tokens=replace(
                    store,
                    codes=self._moved(store.codes, words),
                    statistics=PieceStatistics.of_pieces(store.start, store.pieces),
                ),
            ),
        )

    def _noisy(self, vectors: Vectors, where: NDArray[np.bool_]) -> Vectors:
        noise = self._rng.standard_normal((int(where.sum()), vectors.shape[1]), np.float32)
        noisy = vectors[where] + noise * (_NOISE / vectors.shape[1] ** 0.5)
        vectors[where] = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
        return vectors

    def _moved(self, codes: NDArray[np.int8], where: NDArray[np.bool_]) -> NDArray[np.int8]:
        shape = (int(where.sum()), codes.shape[1])
        moved = codes[where] + self._rng.integers(-_CODE_NOISE, _CODE_NOISE + 1, shape, np.int16)
        codes[where] = np.clip(moved, -127, 127).astype(np.int8)
        return codes

    def _swapped(self, place: _Place) -> list[str]:
        terms = self._terms[place.generation][place.row]
        if not place.copy:
            return terms
        chance = self._rng.random(len(terms)) < _SWAPPED_TERMS
        others = self._every_term[self._rng.integers(len(self._every_term), size=len(terms))]
        return [
            other if is_swapped else term
            for term, is_swapped, other in zip(
                terms, chance.tolist(), others.tolist(), strict=True
            )
        ]


def _places(generations: Sequence[Generation], rng: np.random.Generator) -> Iterator[_Place]:
    """Give the passages of every document in a random order, then all of them again, forever."""
    rows_of = [_rows_by_document(each) for each in generations]
    every = [(number, rows) for number, each in enumerate(rows_of) for rows in each]
    order = rng.permutation(len(every))
    copy = 0
    while True:
        for at in order:
            number, rows = every[at]
            yield from (_Place(number, row, copy) for row in rows)
        copy += 1


def _rows_by_document(generation: Generation) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in generation.documents]
    for row, document in enumerate(generation.document_rows.tolist()):
        rows[document].append(row)
    return rows


def _terms(generation: Generation) -> list[list[str]]:
    """Return the index terms of each passage, as `index.making` makes them."""
    found = []
    for passage, row in zip(generation.passages, generation.document_rows, strict=True):
        document = generation.documents[row]
        text = context_of(document.source, passage.heading) + passage.text
        found.append(Analyser.for_language(document.language).terms(text))
    return found
