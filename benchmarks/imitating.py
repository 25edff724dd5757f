"""Real passages, and imitations of them, put together to documents: what `imitation` says."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.analysis import Analyser
from index.arrays import joined, spread
from index.documents import document_id
from index.encoding import EncodedCorpus
from index.passages import context_of
from index.remembered import reading_key
from index.segment_writer import Batch
from index.sentences import SentenceTable
from index.text import sha256_hex
from index.tokens import PieceStatistics, TokenStore
from index.types import Document, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.generation import Generation
    from index.types import Passage, Vectors

__all__ = ["Imitation"]

_PER_DOCUMENT = 20
_DOCUMENTS_AT_ONCE = 100
_NOISE = 0.3  # the norm of what is added to a unit vector: the cosine with the real one is .96
_CODE_NOISE = 8  # of the 127 steps of a word's vector
_SWAPPED_TERMS = 0.25
_BANDS = 21


class _Place(NamedTuple):
    """A passage of one of the generations, and how often it was taken before."""

    generation: int
    row: int
    copy: int


class Imitation:
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
            source=Source(title=f"Document {number}", path=f"{self._folder.name}/{name}"),
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
        return document, passages, reading_key(name, self.seeds[name], folder=self._folder.name)

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
                    words=self._moved(store.words, words),
                    statistics=PieceStatistics.of_pieces(store.start, store.pieces),
                ),
            ),
        )

    def _noisy(self, vectors: Vectors, where: NDArray[np.bool_]) -> Vectors:
        noise = self._rng.standard_normal((int(where.sum()), vectors.shape[1]), np.float32)
        noisy = vectors[where] + noise * (_NOISE / vectors.shape[1] ** 0.5)
        vectors[where] = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
        return vectors

    def _moved(self, words: NDArray[np.void], where: NDArray[np.bool_]) -> NDArray[np.void]:
        codes = words["codes"][where]
        moved = codes + self._rng.integers(-_CODE_NOISE, _CODE_NOISE + 1, codes.shape, np.int16)
        words["codes"][where] = np.clip(moved, -127, 127).astype(np.int8)
        return words

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
