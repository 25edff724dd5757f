"""Settings put to use: the encoder, the retrievers, and the faces over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.maintaining import warn_if_stale
from bot.terminal import chat
from index.confidence import Thresholds
from index.encoder import CrossEncoderReranker, SentenceTransformerEncoder
from index.live import LiveRetriever
from index.retriever import LocalRetriever

if TYPE_CHECKING:
    from bot.settings import Settings

__all__ = ["encoder_of", "live_retriever", "local_retriever", "run_chat", "run_telegram"]


def encoder_of(settings: Settings) -> SentenceTransformerEncoder:
    """Return the encoder that the settings name."""
    return SentenceTransformerEncoder.from_name(settings.encoder_model)


def local_retriever(settings: Settings, encoder: SentenceTransformerEncoder) -> LocalRetriever:
    """Return a retriever over the generation that is live now, which must be of this encoder."""
    retriever = LocalRetriever.from_state(
        settings.state_dir,
        encoder,
        thresholds=_thresholds(settings),
        reranker=_reranker(settings),
    )
    warn_if_stale(settings, encoder.identity)
    return retriever


def _thresholds(settings: Settings) -> Thresholds:
    return Thresholds(answered=settings.answered_confidence, unsure=settings.unsure_confidence)


def _reranker(settings: Settings) -> CrossEncoderReranker | None:
    name = settings.reranker_model
    return CrossEncoderReranker.from_name(name) if name else None


def live_retriever(settings: Settings, encoder: SentenceTransformerEncoder) -> LiveRetriever:
    """Return a retriever that follows what is live within a `with` block."""
    retriever = LiveRetriever(
        settings.state_dir,
        encoder,
        encoder_named=SentenceTransformerEncoder.from_name,
        thresholds=_thresholds(settings),
        reranker=_reranker(settings),
    )
    warn_if_stale(settings, encoder.identity)
    return retriever


def run_chat(settings: Settings, encoder: SentenceTransformerEncoder) -> None:
    """Hold a conversation in the terminal."""
    with live_retriever(settings, encoder) as retriever:
        chat(retriever, hits=settings.hits)


def run_telegram(settings: Settings, encoder: SentenceTransformerEncoder) -> None:
    """Answer on Telegram."""
    from bot.app import run_bot  # Telegram's library costs time: a chat needs none of it

    with live_retriever(settings, encoder) as retriever:
        run_bot(settings, retriever)
