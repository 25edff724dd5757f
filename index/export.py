"""A sentence-transformers model to ONNX: tokenizer, transformer, pooling, normalisation and all.

    python -m index.export MODEL BACKEND FOLDER

It runs in a process of its own, so that whoever answers never holds torch in memory. What was
exported is compared with the original on a sample before it gets its place.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from index.agreement import TEXTS, disagreement
from index.durable import fsync, sha256_of, write_durably
from index.encoder import SentenceTransformerEncoder
from index.errors import EncoderError
from index.models import one_line
from index.onnx_encoder import (
    ABOUT,
    FILES,
    GRAPH,
    INPUTS,
    INT8,
    OUTPUTS,
    TOKENIZER,
    About,
    OnnxEncoder,
)
from index.quantising import part_weights, quantise
from index.sessions import session_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["export"]

_OPSET = 17


def export(encoder: SentenceTransformerEncoder, folder: Path, *, backend: str) -> None:
    """Write an encoder's model into an empty folder, for `OnnxEncoder`.

    Raises:
        EncoderError: it can't be exported, or says something else afterwards.
    """
    tokenizer = encoder.model.tokenizer
    if not getattr(tokenizer, "is_fast", False):
        raise EncoderError("it has no fast tokenizer")
    plain = type(tokenizer.backend_tokenizer).from_str(tokenizer.backend_tokenizer.to_str())
    plain.no_padding()
    plain.no_truncation()
    plain.save(str(folder / TOKENIZER))
    _write_graph(encoder, folder / GRAPH, backend=backend)
    about = About(
        identity=replace(encoder.identity, backend=backend),
        dimension=encoder.dimension,
        max_tokens=encoder.max_tokens,
        query_prompt=encoder.query_prompt,
        passage_prompt=encoder.passage_prompt,
        unknown=tokenizer.unk_token_id,
        padding=tokenizer.pad_token_id or 0,
        files={name: sha256_of(folder / name) for name in FILES},
    )
    for name in FILES:
        fsync(folder / name)
    write_durably(folder / ABOUT, TypeAdapter(About).dump_json(about, indent=1))
    found = disagreement(OnnxEncoder.load(folder), encoder, is_exact=backend != INT8)
    if found is not None:
        raise EncoderError(found)


def _write_graph(encoder: SentenceTransformerEncoder, path: Path, *, backend: str) -> None:
    import torch  # seconds, and only for this

    class Outputs(torch.nn.Module):
        """The model as a function of two tensors, since a graph knows no dictionaries."""

        def __init__(self) -> None:
            super().__init__()
            self.model = encoder.model

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
            features = self.model(dict(zip(INPUTS, inputs, strict=True)))
            return tuple(features[name] for name in OUTPUTS)

    inputs = encoder.model.tokenizer(
        list(TEXTS[:2]), padding=True, truncation=True, max_length=32, return_tensors="pt"
    )
    axes = {0: "texts", 1: "tokens"}
    whole = path.with_suffix(".whole")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # what tracing might miss is what the comparison is for
        torch.onnx.export(
            Outputs().eval(),
            tuple(inputs[name] for name in INPUTS),
            whole,
            input_names=INPUTS,
            output_names=OUTPUTS,
            dynamic_axes=dict.fromkeys((*INPUTS, OUTPUTS[0]), axes) | {OUTPUTS[1]: {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,  # the other exporter needs another library, and gives the same graph
        )
    if backend == INT8:
        quantise(whole, path, _samples(encoder))
    else:
        part_weights(whole, path)
    whole.unlink()
    optimised = path.with_suffix(".optimised")  # beside the weights, which both refer to
    session_of(path, optimised=optimised)
    optimised.replace(path)


def _samples(encoder: SentenceTransformerEncoder) -> Iterator[dict[str, NDArray[np.int64]]]:
    for text in TEXTS:
        features: Any = encoder.model.tokenizer(
            [text], truncation=True, max_length=encoder.max_tokens, return_tensors="np"
        )
        yield {name: features[name].astype(np.int64) for name in INPUTS}


def main() -> None:
    """Export a model into a folder; where that fails, say why in one line and exit with 1."""
    name, backend, folder = sys.argv[1:]
    try:
        export(SentenceTransformerEncoder.from_name(name), Path(folder), backend=backend)
    except Exception as error:  # noqa: BLE001 - a model may fail to export in any way at all
        sys.stdout.write(f"{one_line(error) or type(error).__name__}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
