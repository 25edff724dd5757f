"""A large index without hours of encoding: real passages, and imitations of them.

Passages come from the kept indexes of the collections, document by document, in one random order.
Each passage is taken as it is the first time. From then on it is an imitation: noise is added to
its vectors, to its sentences' and to its words', and a quarter of its index terms are swapped for
terms of random other passages; its text, which is only shown, stays. So sizes, lengths and the
spread of the vectors are real, while no two passages are the same to any search.

What is large, the vectors, goes through files; in memory there are the terms, and for each passage
its id and a reference to the text that it has in common with what it imitates.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.collection import index_folder, open_index
from index.analysis import Analyser
from index.documents import EXTRACTION_VERSION
from index.encoding import EncodedCorpus
from index.generation import write_generation
from index.generations import Generations
from index.passages import context_of
from index.sentences import SentenceTable
from index.tokens import PieceStatistics, TokenStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from benchmarks.collection import Benchmark
    from index.generation import Generation
    from index.searches import IndexKind, Measured
    from index.types import Document, Encoder, Passage

__all__ = ["WRITING", "imitated_state"]

WRITING = "writing.json"
"""The file of a state folder that says how many seconds the stores took to be written."""

_NOISE = 0.3  # the norm of what is added to a unit vector: the cosine with the real one is .96
_CODE_NOISE = 8  # of the 127 steps of a word's vector
_SWAPPED_TERMS = 0.25


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
        with tempfile.TemporaryDirectory(dir=state) as scratch:
            imitation = _Imitation.of(sources, count, Path(scratch))
            generations = Generations(unfinished)
            started = perf_counter()
            name = generations.write(
                partial(imitation.write, kind),
                documents=len(imitation.documents),
                passages=count,
                encoder=encoder.identity,
                extraction=EXTRACTION_VERSION,
                seeds={},
            )
            took = {"seconds": perf_counter() - started}
        generations.make_live(name)
        (unfinished / WRITING).write_text(json.dumps(took), "utf-8")
        unfinished.rename(folder)
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A document of one of the generations, and how often it was taken before."""

    generation: int
    document: int
    copy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Imitation:
    """All that a generation is written from."""

    documents: list[Document]
    passages: list[Passage]
    terms: list[list[str]]
    sentences: SentenceTable
    encoded: EncodedCorpus

    @classmethod
    def of(cls, generations: Sequence[Generation], count: int, scratch: Path) -> _Imitation:
        """Make `count` passages from those of generations of the same encoder and projection."""
        rng = np.random.default_rng(0)
        rows_of = [_rows_by_document(each) for each in generations]
        terms_of = [_terms(each) for each in generations]
        everything = [term for terms in terms_of for each in terms for term in each]
        documents: list[Document] = []
        passages: list[Passage] = []
        terms: list[list[str]] = []
        parts = _Parts(scratch)
        for place in _places(generations, rng):
            generation = generations[place.generation]
            rows = rows_of[place.generation][place.document][: count - len(passages)]
            document = _renamed(generation.documents[place.document], place)
            documents.append(document)
            for row in rows:
                passage = generation.passages[row]
                passages.append(
                    replace(passage, id=f"{document.id}/{row}", document_id=document.id)
                )
                terms.append(_swapped(terms_of[place.generation][row], everything, place, rng))
                parts.append(generation, row, place, rng)
            if len(passages) == count:
                break
        return cls(
            documents=documents,
            passages=passages,
            terms=terms,
            sentences=parts.sentences(),
            encoded=parts.encoded(generations),
        )

    def write(self, kind: IndexKind | None, folder: Path) -> dict[str, Measured]:
        """Write the stores."""
        return write_generation(
            folder,
            documents=self.documents,
            passages=self.passages,
            sentences=self.sentences,
            encoded=self.encoded,
            terms=self.terms,
            kind=kind,
        )


def _places(generations: Sequence[Generation], rng: np.random.Generator) -> Iterator[_Place]:
    """Give every document in a random order, then all of them again, without end."""
    every = [
        (number, row)
        for number, generation in enumerate(generations)
        for row in range(len(generation.documents))
    ]
    order = rng.permutation(len(every))
    copy = 0
    while True:
        for at in order:
            number, row = every[at]
            yield _Place(generation=number, document=row, copy=copy)
        copy += 1


def _rows_by_document(generation: Generation) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in generation.documents]
    for row, document in enumerate(generation.document_rows.tolist()):
        rows[document].append(row)
    return rows


def _terms(generation: Generation) -> list[list[str]]:
    """Return the index terms of each passage, as `index.build` makes them."""
    found = []
    for passage, row in zip(generation.passages, generation.document_rows, strict=True):
        document = generation.documents[row]
        text = context_of(document.source, passage.heading) + passage.text
        found.append(Analyser.for_language(document.language).terms(text))
    return found


def _renamed(document: Document, place: _Place) -> Document:
    return replace(document, id=f"{place.generation}-{place.copy}-{document.id}")


def _swapped(
    terms: list[str], everything: list[str], place: _Place, rng: np.random.Generator
) -> list[str]:
    if not place.copy:
        return terms
    chance = rng.random(len(terms))
    others = rng.integers(len(everything), size=len(terms))
    return [
        everything[other] if roll < _SWAPPED_TERMS else term
        for term, roll, other in zip(terms, chance, others, strict=True)
    ]


class _Parts:
    """What the encoder has to say of each passage, in files that grow."""

    def __init__(self, scratch: Path) -> None:
        self._vectors = _Growing(scratch / "vectors", np.float32)
        self._sentences = _Growing(scratch / "sentences", np.float32)
        self._spans = _Growing(scratch / "spans", np.int32)
        self._codes = _Growing(scratch / "codes", np.int8)
        self._scales = _Growing(scratch / "scales", np.float16)
        self._segment = _Growing(scratch / "segment", np.int16)
        self._sentence_counts: list[int] = []
        self._token_counts: list[int] = []

    def append(
        self, generation: Generation, row: int, place: _Place, rng: np.random.Generator
    ) -> None:
        """Add a passage's."""
        table, tokens = generation.sentences, generation.tokens
        its_sentences = slice(int(table.start[row]), int(table.start[row + 1]))
        its_tokens = slice(int(tokens.start[row]), int(tokens.start[row + 1]))
        vectors = np.concatenate(
            [
                generation.vectors.vectors(np.array([row], np.int64)),
                generation.sentence_vectors.vectors(
                    np.arange(its_sentences.start, its_sentences.stop)
                ),
            ]
        )
        codes = tokens.codes[its_tokens]
        if place.copy:
            noise = rng.standard_normal(vectors.shape, np.float32)
            vectors = vectors + noise * (_NOISE / vectors.shape[1] ** 0.5)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            moved = codes + rng.integers(-_CODE_NOISE, _CODE_NOISE + 1, codes.shape, np.int16)
            codes = np.clip(moved, -127, 127).astype(np.int8)
        self._vectors.append(vectors[:1])
        self._sentences.append(vectors[1:])
        self._spans.append(table.spans[its_sentences])
        self._codes.append(codes)
        self._scales.append(tokens.scales[its_tokens])
        self._segment.append(tokens.segment[its_tokens])
        self._sentence_counts.append(len(vectors) - 1)
        self._token_counts.append(len(codes))

    def sentences(self) -> SentenceTable:
        """Return where the sentences stand."""
        counts = self._sentence_counts
        return SentenceTable(
            start=np.cumsum([0, *counts], dtype=np.int64),
            spans=self._spans.mapped(),
            owner=np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        )

    def encoded(self, generations: Sequence[Generation]) -> EncodedCorpus:
        """Return the vectors, mapped."""
        frequencies = [each.tokens.statistics.frequency for each in generations]
        frequency = np.zeros(max(map(len, frequencies)))
        for each in frequencies:
            frequency[: len(each)] += each
        share = len(self._token_counts) / sum(len(each.passages) for each in generations)
        return EncodedCorpus(
            passages=self._vectors.mapped(),
            sentences=self._sentences.mapped(),
            tokens=TokenStore(
                start=np.cumsum([0, *self._token_counts], dtype=np.int64),
                codes=self._codes.mapped(),
                scales=self._scales.mapped(),
                segment=self._segment.mapped(),
                statistics=PieceStatistics(
                    passages=np.array(len(self._token_counts)),
                    frequency=np.rint(frequency * share).astype(np.int32),
                ),
            ),
            projection=generations[0].projection,
        )


class _Growing:
    """An array in a file, to which rows are added."""

    def __init__(self, path: Path, dtype: type[np.generic]) -> None:
        self._file = path.open("wb")
        self._dtype = dtype
        self._row: tuple[int, ...] = ()

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows at the end."""
        self._row = rows.shape[1:]
        self._file.write(np.ascontiguousarray(rows, self._dtype).tobytes())

    def mapped(self) -> NDArray[Any]:
        """Return the whole, mapped; nothing is added afterwards."""
        self._file.close()
        whole = np.memmap(self._file.name, self._dtype, mode="r")
        return np.asarray(whole.reshape(-1, *self._row))
