"""What may be asked: questions as they are given to the encoder and the indexes."""

from __future__ import annotations

import unicodedata

from index.errors import QuestionError
from index.text import is_valid_text

__all__ = ["MAX_QUESTION_CHARS", "checked"]

MAX_QUESTION_CHARS = 4096  # a whole Telegram message; the encoder reads its beginning

_VISIBLE = "LNPS"  # categories of letters, numbers, punctuation and symbols, emoji among them


def checked(question: str) -> str:
    """Return the question with its runs of white space as single spaces.

    Raises:
        QuestionError: it is blank, no valid text, or over `MAX_QUESTION_CHARS` characters.
    """
    asked = " ".join(question.split())
    if not any(unicodedata.category(character)[0] in _VISIBLE for character in asked):
        raise QuestionError("the question is empty")
    if not is_valid_text(asked):
        raise QuestionError("the question is not valid text")
    if len(asked) > MAX_QUESTION_CHARS:
        raise QuestionError(f"the question is over {MAX_QUESTION_CHARS} characters long")
    return asked
