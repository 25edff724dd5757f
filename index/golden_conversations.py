"""Golden conversations: what maintainers expect follow-ups to be answered with.

A file is JSON Lines, one conversation a line:

    {"half": "judging", "turns": [
        {"question": "Who was Ilse Karvonen?", "quotes": ["was a composer"]},
        {"question": "where was she born?", "quotes": ["born in Merrow"]}]}

A turn follows on from the one before it, from turn `reply_to` (1-based) where it was sent as a
reply, or from none with `stands_alone`. Rules are made and weights chosen on the half `tuning`
alone, and the two halves are about different documents.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import EvaluationError
from index.golden import GoldenQuestion
from index.queries import Query, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index.retriever import LocalRetriever
    from index.types import Answer

__all__ = [
    "GoldenConversation",
    "GoldenTurn",
    "Part",
    "ask",
    "asked_alone",
    "in_conversation",
    "load_conversations",
    "put_together",
]


class Part(StrEnum):
    """What part a turn has in its conversation."""

    FIRST = "first"
    FOLLOWS = "follows"
    STANDS_ALONE = "stands alone"


class GoldenTurn(GoldenQuestion):
    """One question of a conversation."""

    reply_to: int | None = Field(default=None, ge=1)
    stands_alone: bool = False


class GoldenConversation(BaseModel):
    """One line of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    half: Literal["tuning", "judging"]
    turns: tuple[GoldenTurn, ...] = Field(min_length=2, max_length=3)

    def parts(self) -> Iterator[tuple[Part, GoldenTurn]]:
        """Give every turn with its part."""
        for at, turn in enumerate(self.turns):
            is_alone = Part.STANDS_ALONE if turn.stands_alone else Part.FOLLOWS
            yield is_alone if at else Part.FIRST, turn


def load_conversations(path: Path) -> list[GoldenConversation]:
    """Read a file of conversations.

    Raises:
        EvaluationError: it can't be read, or a line is no conversation (it says which).
    """
    try:
        lines = path.read_text("utf-8").splitlines()
        return [GoldenConversation.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        problem = " ".join(str(error).split())[:200]
        raise EvaluationError(f"{path}: holds no conversations ({problem})") from error


def asked_alone(conversation: GoldenConversation, at: int, _said: Sequence[Turn]) -> Query:
    """Ask as if nothing had been said before."""
    return Query(text=conversation.turns[at].question)


def put_together(conversation: GoldenConversation, at: int, _said: Sequence[Turn]) -> Query:
    """Ask the question before and this one as one: what is commonly done without a model."""
    turn = conversation.turns[at]
    before = conversation.turns[: turn.reply_to or at][-1:]
    return Query(text=" ".join(each.question for each in (*before, turn)))


def in_conversation(conversation: GoldenConversation, at: int, said: Sequence[Turn]) -> Query:
    """Ask with what was said before."""
    turn = conversation.turns[at]
    return Query(
        text=turn.question,
        history=tuple(said[: turn.reply_to]),
        is_reply=turn.reply_to is not None,
    )


def ask(
    retriever: LocalRetriever,
    conversation: GoldenConversation,
    query_of: Callable[[GoldenConversation, int, Sequence[Turn]], Query],
    *,
    k: int = 10,
) -> list[Answer]:
    """Ask every turn of a conversation in order; each knows of the answers before it."""
    answers: list[Answer] = []
    said: list[Turn] = []
    for at in range(len(conversation.turns)):
        (answer,) = retriever.retrieve_many([query_of(conversation, at, said)], k=k)
        answers.append(answer)
        said.append(Turn.from_answer(answer))
    return answers
