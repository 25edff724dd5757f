"""From settings to a retriever that is ready to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.maintaining import warn_if_stale
from index.confidence import Thresholds
from index.encoder import CrossEncoderReranker, SentenceTransformerEncoder
from index.retriever import LocalRetriever

if TYPE_CHECKING:
    from bot.settings import Settings

__all__ = ["open_encoder", "open_retriever"]


def open_encoder(settings: Settings) -> SentenceTransformerEncoder:
    """Find the encoder; its model is loaded when it is first used.

    Raises:
        EncoderError: no such model, or its weights are not the published ones.
    """
    return SentenceTransformerEncoder.from_name(settings.encoder_model)


def open_retriever(settings: Settings, encoder: SentenceTransformerEncoder) -> LocalRetriever:
    """Load the live generation, and say on stderr where it is out of date.

    Raises:
        GenerationError: there is none, it is damaged, or it belongs to another encoder.
        EncoderError: there is no such reranker.
    """
    name = settings.reranker_model
    thresholds = Thresholds(
        answered=settings.answered_confidence, unsure=settings.unsure_confidence
    )
    retriever = LocalRetriever.from_state(
        settings.state_dir,
        encoder,
        thresholds=thresholds,
        reranker=CrossEncoderReranker.from_name(name) if name else None,
    )
    warn_if_stale(settings, encoder.identity)
    return retriever
