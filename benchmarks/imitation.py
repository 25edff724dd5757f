"""A large index without hours of encoding: real passages, and imitations of them.

Passages come from the kept indexes of the collections, document by document, in one random order.
Each passage is taken as it is the first time. From then on it is an imitation: noise is added to
its vectors, to its sentences' and to its words', and a quarter of its index terms are swapped for
terms of random other passages; its text, which is only shown, stays. So sizes, lengths and the
spread of the vectors are real, while no two passages are the same to any search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import Analyser
from index.encoding import EncodedCorpus
from index.generation import write_generation
from index.passages import context_of
from index.sentences import SentenceTable
from index.tokens import TokenStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.generation import Generation
    from index.types import Document, Passage, Span, Vectors

__all__ = ["write_imitation"]

_NOISE = 0.3  # the norm of what is added to a unit vector: the cosine with the real one is .96
_CODE_NOISE = 8  # of the 127 steps of a word's vector
_SWAPPED_TERMS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A document of one of the generations, and how often it was taken before."""

    generation: int
    document: int
    copy: int


def write_imitation(folder: Path, generations: Sequence[Generation], count: int) -> None:
    """Write a generation of `count` passages, made from those of other generations.

    All generations must be of the same encoder and projection.
    """
    rng = np.random.default_rng(0)
    rows_of = [_rows_by_document(each) for each in generations]
    terms_of = [_terms(each) for each in generations]
    everything = [term for terms in terms_of for each in terms for term in each]
    documents: list[Document] = []
    passages: list[Passage] = []
    parts: list[_Part] = []
    terms: list[list[str]] = []
    for place in _places(generations, rng):
        generation = generations[place.generation]
        rows = rows_of[place.generation][place.document][: count - len(passages)]
        document = _renamed(generation.documents[place.document], place)
        documents.append(document)
        for row in rows:
            passage = generation.passages[row]
            passages.append(replace(passage, id=f"{document.id}/{row}", document_id=document.id))
            terms.append(_swapped(terms_of[place.generation][row], everything, place, rng))
            parts.append(_part(generation, row, place, rng))
        if len(passages) == count:
            break
    write_generation(
        folder,
        documents=documents,
        passages=passages,
        sentences=SentenceTable.from_spans([part.spans for part in parts]),
        encoded=_encoded(parts, generations),
        terms=terms,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What the encoder has to say of one passage."""

    vector: NDArray[np.float32]
    sentences: Vectors
    spans: list[Span]
    codes: NDArray[np.int8]
    scales: NDArray[np.float16]
    segment: NDArray[np.int16]


def _part(generation: Generation, row: int, place: _Place, rng: np.random.Generator) -> _Part:
    sentences = np.arange(generation.sentences.start[row], generation.sentences.start[row + 1])
    tokens = slice(int(generation.tokens.start[row]), int(generation.tokens.start[row + 1]))
    vectors = np.concatenate(
        [
            generation.vectors.vectors(np.array([row], np.int64)),
            generation.sentence_vectors.vectors(sentences),
        ]
    )
    codes = np.array(generation.tokens.codes[tokens])
    if place.copy:
        noise = rng.standard_normal(vectors.shape, np.float32)
        vectors = vectors + noise * (_NOISE / vectors.shape[1] ** 0.5)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        moved = codes + rng.integers(-_CODE_NOISE, _CODE_NOISE + 1, codes.shape, np.int16)
        codes = np.clip(moved, -127, 127).astype(np.int8)
    return _Part(
        vector=vectors[0],
        sentences=vectors[1:],
        spans=generation.sentences.of_passage(row),
        codes=codes,
        scales=np.array(generation.tokens.scales[tokens]),
        segment=np.array(generation.tokens.segment[tokens]),
    )


def _encoded(parts: Sequence[_Part], generations: Sequence[Generation]) -> EncodedCorpus:
    longest = max(len(each.tokens.frequency) for each in generations)
    frequency = np.zeros(longest)
    for each in generations:
        frequency[: len(each.tokens.frequency)] += each.tokens.frequency
    share = len(parts) / sum(len(each.passages) for each in generations)
    return EncodedCorpus(
        passages=np.stack([part.vector for part in parts]),
        sentences=np.concatenate([part.sentences for part in parts]),
        tokens=TokenStore(
            start=np.cumsum([0, *(len(part.codes) for part in parts)]).astype(np.int64),
            codes=np.concatenate([part.codes for part in parts]),
            scales=np.concatenate([part.scales for part in parts]),
            segment=np.concatenate([part.segment for part in parts]),
            frequency=np.rint(frequency * share).astype(np.int32),
        ),
        projection=generations[0].projection,
    )
