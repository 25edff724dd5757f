"""Golden questions: what maintainers expect the documents to answer, and with which words.

A golden file is JSON Lines, one question a line:

    {"question": "who is harmoush", "quotes": ["giving his name as officer Hussein Harmoush"]}

Any one of the quotes, found in a passage, makes that passage right. An empty list says that the
documents don't answer. `note` is free text for the maintainer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import EvaluationError
from index.evaluation import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from index.evaluation import Evaluation
    from index.retriever import LocalRetriever
    from index.served.retriever import ServedRetriever
    from index.types import Passage, Progress

__all__ = ["GoldenQuestion", "evaluate_golden", "load_golden", "relevant_passages"]


class GoldenQuestion(BaseModel):
    """One line of a golden file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1)
    quotes: tuple[str, ...]
    note: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether the documents are expected to answer it."""
        return bool(self.quotes)


def load_golden(path: Path) -> list[GoldenQuestion]:
    """Read a golden file; blank lines are passed over.

    Raises:
        EvaluationError: it can't be read, or a line is not a golden question (it says which).
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: can't be read ({error})") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(GoldenQuestion.model_validate_json(line))
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(map(str, problem["loc"])) or "the line"
                raise EvaluationError(f"{path}:{number}: {where}: {problem['msg']}") from error
    if not questions:
        raise EvaluationError(f"{path}: holds no question")
    return questions


def relevant_passages(golden: GoldenQuestion, passages: Iterable[Passage]) -> set[str]:
    """Return the ids of the passages that hold one of the quotes.

    Raises:
        EvaluationError: a quote stands in no passage, so the file and the documents disagree.
    """
    return _relevant(golden, _holding([golden], passages))


def _holding(golden: Sequence[GoldenQuestion], passages: Iterable[Passage]) -> dict[str, set[str]]:
    """Return the ids of the passages that hold each quote; each passage is read once."""
    holding: dict[str, set[str]] = {quote: set() for each in golden for quote in each.quotes}
    for passage in passages:
        for quote, ids in holding.items():
            if quote in passage.text:
                ids.add(passage.id)
    return holding


def _relevant(golden: GoldenQuestion, holding: Mapping[str, set[str]]) -> set[str]:
    for quote in golden.quotes:
        if not holding[quote]:
            raise EvaluationError(f"no passage holds the quote {quote!r} of {golden.question!r}")
    return {id_ for quote in golden.quotes for id_ in holding[quote]}


def evaluate_golden(
    retriever: LocalRetriever | ServedRetriever,
    golden: Sequence[GoldenQuestion],
    *,
    k: int = 10,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every golden question and judge the passages. Query ids are q1, q2, ... in file order.

    Raises:
        EvaluationError: a quote stands in no passage.
    """
    keyed = {f"q{number}": question for number, question in enumerate(golden, 1)}
    holding = _holding(golden, retriever.passages)
    return evaluate(
        retriever,
        {key: question.question for key, question in keyed.items()},
        {
            key: dict.fromkeys(_relevant(question, holding), 1)
            for key, question in keyed.items()
            if question.is_answerable
        },
        documents=len(retriever.library.documents),
        unit_of=lambda hit: hit.passage.id,
        k=k,
        depth=k,
        progress=progress,
    )
