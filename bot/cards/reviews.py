"""What was read from a document that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.lines import bounded, clipped

if TYPE_CHECKING:
    from bot.questions.reviewing import Review
    from bot.texts import Texts

__all__ = ["review_text"]


def review_text(headline: str, found: Review, texts: Texts) -> str:
    """Say under a headline what a document is called, and how it begins."""
    lines = [headline, "", texts("review-title", title=clipped(found.title))]
    if found.language != "und":
        lines.append(texts("review-language", language=found.language))
    lines.append(texts("review-paragraphs", count=found.paragraphs))
    lines += [texts("review-begins"), *(f"¶ {clipped(begin)}" for begin in found.begins)]
    return bounded(lines)
