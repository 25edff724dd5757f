"""The encoder, and the reranker: what sentence_transformers does for us, imported here alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from index.embedding import embedding_of, unit
from index.errors import EncoderError
from index.models import DEFAULT_ENCODER, find_model, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder, SentenceTransformer

    from index.types import Embedding, EncoderIdentity, Vectors

__all__ = ["DEFAULT_ENCODER", "CrossEncoderReranker", "SentenceTransformerEncoder"]

_BATCH_SIZE = 32
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

    @property
    def query_prompt(self) -> str:
        """What the model puts before a question, or ""."""
        return self._prompt(_QUERY_PROMPTS)

    @property
    def passage_prompt(self) -> str:
        """What the model puts before a passage, or ""."""
        return self._prompt(_PASSAGE_PROMPTS)

    @cached_property
    def dimension(self) -> int:
        """The length of a vector."""
        dimension = self.model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"{self.name} does not say how long its vectors are")
        return dimension

    @cached_property
    def max_tokens(self) -> int:
        """How many tokens of a text it reads, special tokens and prompt included."""
        return int(self.model.max_seq_length or self.model.tokenizer.model_max_length)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions into an `(n, d)` array of unit vectors."""
        return self._vectors(self.model.encode_query, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages into an `(n, d)` array of unit vectors."""
        return self._vectors(self.model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode questions as wholes and piece by piece."""
        encoded = self.model.encode_query(
            list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False, output_value=None
        )
        return self._embeddings(texts, encoded, self.query_prompt)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages as wholes and piece by piece."""
        encoded = self.model.encode_document(
            list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False, output_value=None
        )
        return self._embeddings(texts, encoded, self.passage_prompt)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes as a passage."""
        if not texts:
            return []
        prompt = self.passage_prompt
        encoded = self.model.tokenizer(
            [prompt + text for text in texts], truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        vectors = encode(list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False)
        return unit(np.reshape(vectors, (len(texts), self.dimension)))

    def _prompt(self, names: tuple[str, ...]) -> str:
        prompts = self.model.prompts
        return next((str(prompts[name]) for name in names if prompts.get(name)), "")

    def _embeddings(self, texts: Sequence[str], encoded: Any, prompt: str) -> list[Embedding]:
        if not texts:
            return []
        tokenizer = self.model.tokenizer
        if not tokenizer.is_fast:
            raise EncoderError(f"{self.name} has no fast tokenizer, so no word can be placed")
        spans = tokenizer(
            [prompt + text for text in texts],
            truncation=True,
            max_length=self.max_tokens,
            return_offsets_mapping=True,
        )["offset_mapping"]
        embeddings = []
        for text, output, offsets in zip(texts, encoded, spans, strict=True):
            # Models differ in the side they pad on; the mask says which rows are the text.
            rows = output["attention_mask"].bool()
            embeddings.append(
                embedding_of(
                    text,
                    vector=output["sentence_embedding"].float().numpy(),
                    tokens=output["token_embeddings"][rows].float().numpy(),
                    pieces=output["input_ids"][rows].numpy(),
                    spans=np.array(offsets, np.int32) - len(prompt),
                    unknown=tokenizer.unk_token_id,
                )
            )
        return embeddings

    @cached_property
    def model(self) -> SentenceTransformer:
        """The library's own model.

        Raises:
            EncoderError: its files are damaged, or none that the library knows.
        """
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
