"""Which encoder stands for a model: ONNX Runtime's where it says the same as the original.

    <state>/models/<digest>/          an exported model, as `index.onnx_encoder` reads it
    <state>/models/<digest>.refused   why there is none: two lines, the libraries' versions first

The digest is over everything that an export follows from. What is damaged is exported anew.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from index.durable import fsync, replace_durably
from index.encoder import SentenceTransformerEncoder
from index.errors import EncoderError, StateFolderError
from index.locking import build_lock
from index.models import find_model
from index.onnx_encoder import FP32, OnnxEncoder, exported_identity
from index.types import SENTENCE_TRANSFORMERS
from index.verified import Verified

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from index.models import ModelFiles
    from index.types import Encoder, EncoderIdentity

    _Load: TypeAlias = Callable[[Path], OnnxEncoder]

__all__ = ["AUTO", "Choice", "choose_encoder", "encoder_like", "forget_exports", "forget_refusals"]

AUTO = "auto"

_FRESH = ".new"
_VERSION = 2  # bump when an export of the same model comes out otherwise
_LIBRARIES = ("torch", "transformers", "sentence-transformers", "onnx", "onnxruntime")
_CONFIGURATION = ("*.json", "*.txt", "*.model")  # prompts, pooling and vocabulary are in these


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An encoder, and why it is this one."""

    encoder: Encoder
    reason: str


def choose_encoder(
    name: str,
    state_dir: Path,
    backend: str = AUTO,
    *,
    say: Callable[[str], object] | None = None,
    threads: int | None = None,
) -> Choice:
    """Return the fastest encoder of a model that gives its vectors; finding it is quick.

    Args:
        name: the model, as `find_model` knows it.
        state_dir: where exported models are kept.
        backend: one of those in `index.onnx_encoder`, `SENTENCE_TRANSFORMERS`, or `AUTO`, which
            stands for `FP32`: 8 bits are faster and cost some quality (docs/performance.md).
        say: told in a line of what takes seconds. Without it, what was not exported before isn't
            now either.
        threads: how many ONNX Runtime may use; by default, one for each core.

    Raises:
        EncoderError: no such model.
        StateFolderError: the state folder can't be written.
    """
    wanted = FP32 if backend == AUTO else backend
    reason = "ENCODER_BACKEND names it"
    with Verified.at(state_dir) as verified:
        found = find_model(name, verified.sha256)
        if wanted != SENTENCE_TRANSFORMERS:
            try:
                folder = _models(state_dir) / _digest(found, wanted, verified)
                load = partial(OnnxEncoder.load, sha256=verified.sha256, threads=threads)
                encoder = _exported(found, folder, wanted, load, say)
            except EncoderError as error:
                reason = f"{wanted}: {error}"
            else:
                return Choice(encoder=encoder, reason="it was checked against the original")
    original = SentenceTransformerEncoder(folder=found.folder, identity=found.identity)
    return Choice(encoder=original, reason=reason)


def encoder_like(
    identity: EncoderIdentity,
    state_dir: Path,
    *,
    say: Callable[[str], object] | None = None,
    threads: int | None = None,
) -> Encoder:
    """Return the encoder of this name and backend, exported anew where it has to be.

    Its weights may be others by now.

    Raises:
        EncoderError: no such model.
    """
    chosen = choose_encoder(identity.name, state_dir, identity.backend, say=say, threads=threads)
    return chosen.encoder


def forget_refusals(state_dir: Path) -> None:
    """Let every model be exported again that could not be."""
    for path in _models(state_dir).glob("*.refused"):
        path.unlink(missing_ok=True)


def forget_exports(state_dir: Path, used: Collection[EncoderIdentity]) -> None:
    """Take away every exported model but the newest of each encoder that is still used.

    Whoever holds the build lock may call this: nobody exports meanwhile.
    """
    newest: dict[EncoderIdentity, Path] = {}
    folders = [path for path in _models(state_dir).glob("*") if path.is_dir()]
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime_ns):
        identity = exported_identity(folder)
        if identity in used and identity is not None and folder.suffix != _FRESH:
            newest[identity] = folder
    for folder in set(folders) - set(newest.values()):
        shutil.rmtree(folder, ignore_errors=True)


def _models(state_dir: Path) -> Path:
    return state_dir / "models"


def _exported(
    model: ModelFiles,
    folder: Path,
    backend: str,
    load: _Load,
    say: Callable[[str], object] | None,
) -> OnnxEncoder:
    """Load a model that was exported, or export it.

    Raises:
        EncoderError: it was not exported, or could not be.
    """
    refused = folder.with_suffix(".refused")
    if say is None:
        return _load(folder, refused, load)
    try:
        return _load(folder, refused, load)
    except _RefusedError:
        raise
    except EncoderError:
        pass
    try:
        with build_lock(folder.parent.parent) as has_waited:  # the state folder's
            if not has_waited or not folder.is_dir():  # else another exported it meanwhile
                _export(model, folder, refused, backend, say)
    except OSError as error:
        raise StateFolderError(
            f"the exported encoder can't be written to {folder.parent} ({error.strerror or error})"
        ) from error
    return _load(folder, refused, load)


class _RefusedError(EncoderError):
    """It was tried before, with the libraries that are installed now."""


def _load(folder: Path, refused: Path, load: _Load) -> OnnxEncoder:
    if folder.is_dir():
        return load(folder)
    if refused.is_file():
        versions, _, reason = refused.read_text("utf-8").partition("\n")
        if versions == _versions():
            raise _RefusedError(reason.strip())
    raise EncoderError("not exported yet, `verbatim build` does it")


def _export(
    model: ModelFiles, folder: Path, refused: Path, backend: str, say: Callable[[str], object]
) -> None:
    say(f"exporting {model.identity.name} to {backend}, once; this takes some seconds")
    fresh = folder.with_suffix(_FRESH)
    for path in (folder, fresh):
        shutil.rmtree(path, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        command = [sys.executable, "-m", "index.export", model.identity.name, backend, str(fresh)]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own command
        if run.returncode == 0:
            refused.unlink(missing_ok=True)
            fresh.rename(folder)
            fsync(folder.parent)
            return
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    reason = (run.stdout.strip().splitlines() or ["it ended without a word"])[-1]
    say(f"{model.identity.name} can't be had as {backend}: {reason}")
    if run.returncode < 0:  # killed: it may well work the next time
        raise EncoderError(reason)
    replace_durably(refused, f"{_versions()}\n{reason}\n".encode())


def _versions() -> str:
    from importlib.metadata import version  # it takes longer than all else here, and seldom counts

    return " ".join(f"{library} {version(library)}" for library in _LIBRARIES)


def _digest(model: ModelFiles, backend: str, verified: Verified) -> str:
    digest = hashlib.sha256(f"{_VERSION} {backend} {model.identity!r}".encode())
    files = {path for pattern in _CONFIGURATION for path in model.folder.rglob(pattern)}
    for path in sorted(files):
        digest.update(f"{path.relative_to(model.folder)} {verified.sha256(path)}\n".encode())
    return digest.hexdigest()[:16]
