"""Is a new generation fit to be live? What it changes, and how the golden questions fare.

diff.json        what changed since the generation that was live
golden.json      each golden question with what came first, and whether that was right
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from index.errors import GenerationError, printable
from index.golden import load_golden
from index.held import held
from index.outline import Difference, difference, outlines
from index.retriever import LocalRetriever

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.generation import Generation
    from index.generations import Generations
    from index.golden import GoldenQuestion
    from index.types import Answer, Encoder, Progress

__all__ = ["GoldenResult", "Judgement", "Promotion", "judge", "read_judgement"]

_MAX_SHOWN_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """The rule: up to `tolerance` golden questions may break, or any number when `anyway`."""

    golden: Path | None = None
    tolerance: int = 0
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenResult:
    """What came first for a golden question; `path` and `text` are empty where nothing came.

    `is_held` tells whether any document still holds one of the question's `quotes`.
    """

    question: str
    is_right: bool
    is_held: bool
    path: str
    text: str
    quotes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say for one line what comes now."""
        why = "" if self.is_held else "no document holds its quotes any more; "
        text = " ".join(self.text.split())
        shown = text if len(text) <= _MAX_SHOWN_CHARS else f"{text[:_MAX_SHOWN_CHARS]}…"
        now = f"now comes {printable(self.path)}: {shown}" if self.path else "now nothing comes"
        return f"{self.question!r}: {why}{now}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a new generation changes; `broken` and `changed` are golden questions asked of both."""

    against: str | None
    """The generation that was live, if there was one."""
    difference: Difference
    right: int
    asked: int
    broken: tuple[GoldenResult, ...] = ()
    changed: tuple[GoldenResult, ...] = ()
    is_promoted: bool = True

    def problems(self) -> list[str]:
        """Return a line for each golden question that broke."""
        return [str(result) for result in self.broken]


_RESULTS = TypeAdapter(tuple[GoldenResult, ...])
_JUDGEMENT = TypeAdapter(Judgement)


def judge(
    generation: Generation,
    encoder: Encoder,
    promotion: Promotion | None,
    *,
    generations: Generations,
    before: Generation | None,
    progress: Progress | None = None,
) -> Judgement:
    """Compare a generation that was just written with the live one, and write what was found.

    `before` is the live one, None where it can't be read. The golden questions are left aside
    where not one of their quotes stands in the documents: then they are about others.

    Raises:
        EvaluationError: the golden file is not valid.
    """
    promotion = promotion or Promotion()
    live = _live_folder(generations)
    asked = {result.question: result for result in (_results(live) if live else ())}
    questions = _questions(promotion.golden)
    unheld = {(each.question, each.quotes) for each in asked.values() if not each.is_held}
    absent = {each.question for each in questions if (each.question, each.quotes) in unheld}
    are_held = held(questions, generation, before, absent)
    results: tuple[GoldenResult, ...] = ()
    if any(are_held):
        retriever = LocalRetriever(generation, encoder)
        results = tuple(_ask(questions, are_held, retriever, progress))
    both = [(asked[each.question], each) for each in results if each.question in asked]
    broken = tuple(now for then, now in both if then.is_right and not now.is_right)
    # An answer that went with its document is named, and no reason to keep the document's index.
    still = [(then, now) for then, now in both if now.is_held]
    lost = sum(then.is_right for then, _ in still) - sum(now.is_right for _, now in still)
    judgement = Judgement(
        against=live.name if live else None,
        difference=difference(*outlines(before, generation)),
        right=sum(result.is_right for result in results),
        asked=len(results),
        broken=broken,
        changed=tuple(now for then, now in both if (then.path, then.text) != (now.path, now.text)),
        is_promoted=lost <= promotion.tolerance or promotion.anyway,
    )
    folder = generations.folder_of(generation.name)
    (folder / "golden.json").write_bytes(_RESULTS.dump_json(results, indent=1))
    (folder / "diff.json").write_bytes(_JUDGEMENT.dump_json(judgement, indent=1))
    return judgement


def _live_folder(generations: Generations) -> Path | None:
    try:
        name = generations.current()
    except GenerationError:
        return None
    return generations.folder_of(name) if name is not None else None


def _results(folder: Path) -> tuple[GoldenResult, ...]:
    try:
        return _RESULTS.validate_json((folder / "golden.json").read_bytes())
    except (OSError, ValidationError):
        return ()


def read_judgement(folder: Path) -> Judgement | None:
    """Return what was found of a generation when it was built, None where it can't be read."""
    try:
        return _JUDGEMENT.validate_json((folder / "diff.json").read_bytes())
    except (OSError, ValidationError):
        return None


def _ask(
    questions: Sequence[GoldenQuestion],
    are_held: Sequence[bool],
    retriever: LocalRetriever,
    progress: Progress | None,
) -> Iterator[GoldenResult]:
    for number, (question, is_held) in enumerate(zip(questions, are_held, strict=True), 1):
        answer = retriever.retrieve(question.question, k=1)
        yield _result(question, answer, is_held=is_held)
        if progress is not None:
            progress(number, len(questions))


def _questions(golden: Path | None) -> list[GoldenQuestion]:
    if golden is None or not golden.is_file():
        return []
    return [question for question in load_golden(golden) if question.is_answerable]


def _result(question: GoldenQuestion, answer: Answer, *, is_held: bool) -> GoldenResult:
    first = answer.hits[:1]
    alike = [other for hit in first for other in (hit, *hit.also_in)]
    return GoldenResult(
        question=question.question,
        is_right=any(quote in hit.passage.text for quote in question.quotes for hit in alike),
        is_held=is_held,
        path=first[0].source.path if first else "",
        text=first[0].passage.text if first else "",
        quotes=question.quotes,
    )
