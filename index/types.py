"""The types every part speaks in: frozen, slotted, keyword-only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "SENTENCE_TRANSFORMERS",
    "Answer",
    "Document",
    "Embedding",
    "Encoder",
    "EncoderIdentity",
    "Hit",
    "Passage",
    "Progress",
    "Retriever",
    "Source",
    "Span",
    "Stage",
    "StageProgress",
    "Timings",
    "Vectors",
    "Verdict",
]


SENTENCE_TRANSFORMERS = "sentence-transformers"
"""The backend of an encoder that the library of that name runs."""

# Aliases are text, so that this module imports nothing that costs time.
Vectors: TypeAlias = "NDArray[np.float32]"
"""`(n, d)`-shaped, float32, each row of L2 norm 1."""

Progress: TypeAlias = "Callable[[int, int], None]"
"""Called as long work goes on, with the number of units done and of all."""


class Stage(StrEnum):
    """What a build is at, in this order; its units are files, passages and golden questions."""

    READING = "reading"
    ENCODING = "encoding"
    JUDGING = "judging"


StageProgress: TypeAlias = "Callable[[Stage, int, int], None]"
"""Called as a build goes on, with its stage and the number of units done and of all."""


class Span(NamedTuple):
    """A half-open range of code points: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of where a document comes from; nothing in it is guessed.

    `path` starts with the name of the documents' folder and has forward slashes on every system.
    `published` is an ISO 8601 date, possibly only a year or a year and month.
    `language` is a BCP 47 tag, where it was stated.
    """

    title: str
    path: str
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    url: str | None = None
    language: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One source file as canonical plain text; `content_hash` is the text's SHA-256 in hex.

    `language` is what the text is in, as stated or else detected: an ISO 639 code, or `und`.
    """

    id: str
    source: Source
    text: str
    content_hash: str
    language: str = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph of a document, or a sentence-aligned part of an over-long one.

    `number` and `of` count the paragraphs of the document's body (1-based); the parts of one
    paragraph share its number. Invariant: `document.text[start:end] == text`.
    The id stays the same while the document's path and this text do.
    """

    id: str
    document_id: str
    number: int
    of: int
    start: int
    end: int
    text: str
    page: int | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One ranked passage. `rank` is 1-based; a higher `score` is better, ties go by passage id.

    `highlight` is the span within `passage.text` that answers best. `also_in` holds the hits
    that carry the same text elsewhere.
    """

    passage: Passage
    source: Source
    rank: int
    score: float
    highlight: Span
    also_in: tuple[Hit, ...] = ()


class Verdict(StrEnum):
    """Whether the documents answer the question."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Wall-clock milliseconds of each stage of one answer."""

    encode_ms: float
    search_ms: float
    rerank_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The hits for a question, best first, and how far they can be trusted.

    `confidence` is the estimated probability, in [0, 1], that the first hit answers.
    `generation` names the index that answered. `query` are the words that were searched: the
    question, or, if `is_followup`, what it was understood as after the conversation before it.
    """

    question: str
    query: str
    verdict: Verdict
    confidence: float
    hits: tuple[Hit, ...]
    generation: str
    timings: Timings
    is_followup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderIdentity:
    """What makes two encoders' vectors comparable: the same name, revision, weights and backend.

    `revision` is the model hub's commit, where there is one; `weights_sha256` is over the weight
    files. `backend` is what computes: 8-bit vectors are not quite those of 32 bits.
    """

    name: str
    revision: str | None
    weights_sha256: str
    backend: str = SENTENCE_TRANSFORMERS

    def __str__(self) -> str:
        """Return the name and the backend, for a person."""
        return f"{self.name} ({self.backend})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """One text to the encoder, as a whole and piece by piece; every vector is of L2 norm 1.

    `vector` is `(d,)`-shaped. `tokens`, `(t, d)`, are the vectors of its word pieces in their
    context, special tokens and prompt left out; `pieces`, `(t,)`, are their numbers in the
    vocabulary and `spans`, `(t, 2)`, the code points of the text that each stands for.
    `letters_per_piece` is the mean length of the pieces that are letters; an unknown one counts 1.
    """

    vector: Vectors
    tokens: Vectors
    pieces: NDArray[np.int32]
    spans: NDArray[np.int32]
    letters_per_piece: float


class Encoder(Protocol):
    """Turns texts into L2-normalised vectors, so that an inner product is a cosine."""

    @property
    def name(self) -> str:
        """The name it was asked for by."""

    @property
    def identity(self) -> EncoderIdentity:
        """What its vectors may be compared with."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text it reads, special tokens and prompt included."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions into an `(n, d)` array, the model's query prompt applied."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages into an `(n, d)` array, the model's passage prompt applied."""

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode questions as wholes and piece by piece."""

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages as wholes and piece by piece."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes as a passage, special tokens and prompt included."""


class Retriever(Protocol):
    """Answers questions with ranked, cited passages."""

    def warm_up(self) -> None:
        """Get ready, so that the first person to ask doesn't wait for it."""

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the `k` best passages for the question and a verdict on them."""
