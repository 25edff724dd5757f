"""Settings put to use: the encoder, the retrievers, and the faces over them."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from bot.engine import engine_of
from bot.maintenance.state import warn_if_stale
from bot.terminal import chat
from index.confidence import Thresholds
from index.encoder import CrossEncoderReranker
from index.encoders import choose_encoder, encoder_like
from index.live import LiveRetriever
from index.retriever import LocalRetriever
from index.served.retriever import ServedRetriever

if TYPE_CHECKING:
    from bot.settings import Settings
    from index.encoders import Choice
    from index.types import Encoder

__all__ = [
    "encoder_choice",
    "encoder_of",
    "judged_retriever",
    "live_retriever",
    "run_chat",
    "run_telegram",
]


def encoder_of(settings: Settings, *, may_export: bool = False) -> Encoder:
    """Return the encoder that the settings name.

    Whoever builds exports it where it wasn't, and says so; others take what is there. With
    INDEX_URL nobody may build here, so that everybody does.
    """
    return encoder_choice(settings, may_export=may_export).encoder


def encoder_choice(settings: Settings, *, may_export: bool = False) -> Choice:
    """Return the encoder that the settings name, and why it runs as it does."""
    return choose_encoder(
        settings.encoder_model,
        settings.state_dir,
        settings.encoder_backend,
        say=_say if may_export or settings.index_url is not None else None,
    )


def _say(line: str) -> None:
    sys.stderr.write(f"verbatim: {line}\n")


def _served_retriever(settings: Settings, encoder: Encoder) -> ServedRetriever:
    return ServedRetriever(
        engine_of(settings),
        encoder,
        encoder_like=partial(encoder_like, state_dir=settings.state_dir, say=_say),
        thresholds=_thresholds(settings),
        reranker=_reranker(settings),
    )


def judged_retriever(settings: Settings, encoder: Encoder) -> LocalRetriever | ServedRetriever:
    """Return a retriever over what is live now; a generation here must be of this encoder."""
    if settings.index_url is not None:
        return _served_retriever(settings, encoder)
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


def live_retriever(settings: Settings, encoder: Encoder) -> LiveRetriever | ServedRetriever:
    """Return a retriever that follows what is live, here or at INDEX_URL, within a `with` block.

    Whether documents have changed since is said where the index is; who serves it elsewhere may
    have none.
    """
    if settings.index_url is not None:
        return _served_retriever(settings, encoder)
    retriever = LiveRetriever(
        settings.state_dir,
        encoder,
        encoder_like=partial(encoder_like, state_dir=settings.state_dir, say=_say),
        thresholds=_thresholds(settings),
        reranker=_reranker(settings),
    )
    warn_if_stale(settings, encoder.identity)
    return retriever


def run_chat(settings: Settings, encoder: Encoder) -> None:
    """Hold a conversation in the terminal."""
    with live_retriever(settings, encoder) as retriever:
        chat(retriever, hits=settings.hits)


def run_telegram(settings: Settings, encoder: Encoder) -> None:
    """Answer on Telegram."""
    from bot.app import run_bot  # Telegram's library costs time: a chat needs none of it

    with live_retriever(settings, encoder) as retriever:
        run_bot(settings, retriever)
