"""A sentence-transformers model of random weights: real in all its parts, and made in a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.models import DEFAULT_ENCODER, find_model

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["tiny_model"]


def tiny_model(
    folder: Path,
    *,
    pooling: str = "mean",
    is_normalised: bool = True,
    is_prompt_pooled: bool = True,
    prompts: dict[str, str] | None = None,
    limit: int = 48,
    seed: int = 0,
) -> Path:
    """Write a model of two layers, with the default's vocabulary; return its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(str(find_model(DEFAULT_ENCODER).folder))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.3,  # far enough from zero that each part makes a difference
    )
    bare = folder / "bare"
    BertModel(config).save_pretrained(bare)
    tokenizer.save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=limit)
    parts = [transformer, Pooling(32, pooling_mode=pooling, include_prompt=is_prompt_pooled)]
    model = SentenceTransformer(
        modules=[*parts, *([Normalize()] if is_normalised else [])], prompts=prompts, device="cpu"
    )
    model.save(str(folder / "whole"), create_model_card=False)
    return folder / "whole"
