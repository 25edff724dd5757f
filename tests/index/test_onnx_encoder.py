"""An exported model says what the original says, whatever its parts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.agreement import TEXTS, disagreement
from index.encoder import SentenceTransformerEncoder
from index.errors import EncoderError
from index.export import export
from index.onnx_encoder import FP32, INT8, TOKENIZER, OnnxEncoder
from tests.index.tiny import tiny_model

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.model

PROMPTS = {"query": "query: ", "document": "the passage: "}


def exported(
    model: Path, folder: Path, backend: str = FP32
) -> tuple[OnnxEncoder, SentenceTransformerEncoder]:
    """Return a model as it was exported, and the original."""
    folder.mkdir()
    original = SentenceTransformerEncoder.from_name(str(model))
    export(original, folder, backend=backend)
    return OnnxEncoder.load(folder, threads=2), original


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
@pytest.mark.parametrize("is_normalised", [True, False])
@pytest.mark.parametrize("prompts", [{}, PROMPTS], ids=["plain", "prompts"])
def test_an_exported_model_gives_the_originals_vectors(
    tmp_path: Path, pooling: str, prompts: dict[str, str], *, is_normalised: bool
) -> None:
    """Pooling, normalisation, prompts and the limit are the model's own; so are the words."""
    model = tiny_model(
        tmp_path / "model", pooling=pooling, is_normalised=is_normalised, prompts=prompts
    )
    encoder, original = exported(model, tmp_path / "exported")
    texts = ["A gate.", "", "word " * 100, "🙂 Él left  Damascus-2011."]
    assert encoder.max_tokens == original.max_tokens == 48
    assert encoder.count_tokens(texts) == original.count_tokens(texts)
    for ours, theirs in (
        (encoder.encode_queries(texts), original.encode_queries(texts)),
        (encoder.encode_passages(texts), original.encode_passages(texts)),
    ):
        assert ours == pytest.approx(theirs, abs=1e-4)
    for ours_, theirs_ in zip(
        encoder.embed_passages(texts), original.embed_passages(texts), strict=True
    ):
        assert ours_.tokens == pytest.approx(theirs_.tokens, abs=1e-4)
        assert ours_.spans.tolist() == theirs_.spans.tolist()
        assert ours_.pieces.tolist() == theirs_.pieces.tolist()
        assert ours_.letters_per_piece == theirs_.letters_per_piece


def test_a_model_that_leaves_its_prompt_out_of_the_mean_is_refused(tmp_path: Path) -> None:
    """The graph doesn't know where a prompt ends, and the comparison notices."""
    model = tiny_model(tmp_path / "model", prompts=PROMPTS, is_prompt_pooled=False)
    with pytest.raises(EncoderError, match=r"have a cosine of .* with the original's at least"):
        exported(model, tmp_path / "exported")


def test_another_model_is_told_apart(tmp_path: Path) -> None:
    """The comparison is no formality: other weights are noticed, and another limit."""
    one = SentenceTransformerEncoder.from_name(str(tiny_model(tmp_path / "one", seed=1)))
    other = SentenceTransformerEncoder.from_name(str(tiny_model(tmp_path / "other", seed=2)))
    short = SentenceTransformerEncoder.from_name(str(tiny_model(tmp_path / "short", limit=16)))
    assert disagreement(one, one, is_exact=True) is None
    assert "cosine" in (disagreement(one, other, is_exact=False) or "")
    assert disagreement(one, short, is_exact=True) == (
        "its dimension or limit is another than the original's"
    )


def test_in_8_bits_a_text_has_the_same_vectors_alone_and_in_company(
    model_encoder: SentenceTransformerEncoder, tmp_path: Path
) -> None:
    """Numbers are scaled token by token; and the vectors are close to those of 32 bits."""
    export(model_encoder, tmp_path, backend=INT8)
    encoder = OnnxEncoder.load(tmp_path)
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-3)
    cosines = np.sum(together * model_encoder.encode_passages(TEXTS), axis=1)
    assert cosines.mean() > 0.998
    assert encoder.identity.backend == "onnx-int8"
    assert encoder.identity != model_encoder.identity


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "tokenizer.json", "about.json"])
def test_a_damaged_file_is_noticed_before_it_is_loaded(tmp_path: Path, name: str) -> None:
    """By its checksum, or by its form."""
    _, _ = exported(tiny_model(tmp_path / "model"), tmp_path / "exported")
    path = tmp_path / "exported" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    with pytest.raises(EncoderError, match="is damaged"):
        OnnxEncoder.load(tmp_path / "exported")
    (tmp_path / "exported" / TOKENIZER).unlink()
    with pytest.raises(EncoderError, match="is damaged"):
        OnnxEncoder.load(tmp_path / "exported")
