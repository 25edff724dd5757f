"""The encoder, and the reranker: what sentence_transformers does for us, imported here alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from index.errors import EncoderError
from index.models import DEFAULT_ENCODER, find_model, one_line
from index.types import Embedding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder, SentenceTransformer

    from index.types import EncoderIdentity, Vectors

__all__ = ["DEFAULT_ENCODER", "CrossEncoderReranker", "SentenceTransformerEncoder"]

_BATCH_SIZE = 32
_USUAL_LETTERS = 3.0  # of a text without letters: nothing says that it can't be read
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("document", "passage", "corpus")  # the names encode_document looks for


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by name or folder; see the `Encoder` protocol.

    Finding and identifying it is quick; the model itself (seconds, hundreds of megabytes) is
    loaded when the first text is encoded or counted.
    """

    def __init__(self, *, folder: Path, identity: EncoderIdentity) -> None:
        self._folder = folder
        self._identity = identity

    @classmethod
    def from_name(cls, name: str) -> Self:
        """Find the model: the bundled default, a folder, or a name on the model hub.

        Raises:
            EncoderError: no such model, or the bundled weights are not the published ones.
        """
        folder, identity = find_model(name)
        return cls(folder=folder, identity=identity)

    @property
    def name(self) -> str:
        """The name it was asked for by."""
        return self._identity.name

    @property
    def identity(self) -> EncoderIdentity:
        """Name, revision and weights."""
        return self._identity

    @cached_property
    def dimension(self) -> int:
        """The length of a vector."""
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"{self.name} does not say how long its vectors are")
        return dimension

    @cached_property
    def max_tokens(self) -> int:
        """How many tokens of a text it reads, special tokens and prompt included."""
        return int(self._model.max_seq_length or self._model.tokenizer.model_max_length)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions into an `(n, d)` array of unit vectors."""
        return self._vectors(self._model.encode_query, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages into an `(n, d)` array of unit vectors."""
        return self._vectors(self._model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode questions as wholes and piece by piece."""
        encoded = self._model.encode_query(
            list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False, output_value=None
        )
        return self._embeddings(texts, encoded, self._prompt(_QUERY_PROMPTS))

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages as wholes and piece by piece."""
        encoded = self._model.encode_document(
            list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False, output_value=None
        )
        return self._embeddings(texts, encoded, self._prompt(_PASSAGE_PROMPTS))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes as a passage."""
        if not texts:
            return []
        prompt = self._prompt(_PASSAGE_PROMPTS)
        encoded = self._model.tokenizer(
            [prompt + text for text in texts], truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        vectors = encode(list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False)
        return _unit(np.reshape(vectors, (len(texts), self.dimension)))

    def _prompt(self, names: tuple[str, ...]) -> str:
        """Return the prompt that the model puts before a text of this kind, or ""."""
        prompts = self._model.prompts
        return next((str(prompts[name]) for name in names if prompts.get(name)), "")

    def _embeddings(self, texts: Sequence[str], encoded: Any, prompt: str) -> list[Embedding]:
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        if not tokenizer.is_fast:
            raise EncoderError(f"{self.name} has no fast tokenizer, so no word can be placed")
        spans = tokenizer(
            [prompt + text for text in texts],
            truncation=True,
            max_length=self.max_tokens,
            return_offsets_mapping=True,
        )["offset_mapping"]
        return [
            self._embedding(text, output, np.array(offsets, np.int32) - len(prompt))
            for text, output, offsets in zip(texts, encoded, spans, strict=True)
        ]

    def _embedding(
        self, text: str, output: Mapping[str, Any], spans: NDArray[np.int32]
    ) -> Embedding:
        # Models differ in the side they pad on; the mask says which rows are the text.
        rows = output["attention_mask"].bool()
        tokens = output["token_embeddings"][rows].float().numpy()
        pieces = output["input_ids"][rows].numpy().astype(np.int32)
        is_word = (spans[:, 1] > spans[:, 0]) & (spans[:, 0] >= 0)
        spans, pieces = spans[is_word], pieces[is_word]
        unknown = self._model.tokenizer.unk_token_id
        letters = [
            1 if piece == unknown else end - start
            for (start, end), piece in zip(spans.tolist(), pieces.tolist(), strict=True)
            if text[start:end].strip().isalpha()
        ]
        return Embedding(
            vector=_unit(output["sentence_embedding"].float().numpy()[None, :])[0],
            tokens=_unit(tokens[is_word]),
            pieces=pieces,
            spans=spans,
            letters_per_piece=sum(letters) / len(letters) if letters else _USUAL_LETTERS,
        )

    @cached_property
    def _model(self) -> SentenceTransformer:
        # Seconds of import: only a process that encodes pays for it.
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

        try:
            return SentenceTransformer(
                str(self._folder), device="cpu", model_kwargs={"use_safetensors": True}
            )
        except (OSError, ValueError, SafetensorError) as error:
            raise EncoderError(f"{self.name} can't be loaded: {one_line(error)}") from error


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder: reads question and passage together.

    Slower than everything else by far, and better at telling close calls apart. Source: Nogueira
    and Cho, "Passage Re-ranking with BERT", 2019.
    """

    def __init__(self, *, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    @classmethod
    def from_name(cls, name: str) -> Self:
        """Find the model: a folder, or a name on the model hub.

        Raises:
            EncoderError: no such model.
        """
        return cls(folder=find_model(name).folder, name=name)

    def logits(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return how far each passage answers the question, `(n,)`-shaped, higher is better.

        0 is as likely as not, by the model's own judgement.
        """
        pairs = [(question, passage) for passage in passages]
        scores = self._model.predict(pairs, batch_size=_BATCH_SIZE, show_progress_bar=False)
        return np.asarray(scores, np.float32).reshape(len(passages))

    @cached_property
    def _model(self) -> CrossEncoder:
        from safetensors import SafetensorError
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        try:
            model: CrossEncoder = CrossEncoder(
                str(self._folder),
                device="cpu",
                activation_fn=Identity(),
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, SafetensorError) as error:
            raise EncoderError(f"{self._name} can't be loaded: {one_line(error)}") from error
        if model.num_labels != 1:
            raise EncoderError(f"{self._name} gives {model.num_labels} scores a pair, not one")
        return model


def _unit(vectors: object) -> Vectors:
    array = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    unit: Vectors = np.divide(array, norms, out=np.zeros_like(array), where=norms > 0)
    return unit
