"""Answers in a terminal, one at a time or as a conversation."""

from __future__ import annotations

import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace
from io import TextIOWrapper
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.citations import also_in, link_to, source_line
from bot.selection import closest_titles, hits_to_show
from bot.texts import ENGLISH
from index.errors import QuestionError, printable
from index.queries import Turn
from index.scoping import parse_scope
from index.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.questions.answerer import Answerer
    from index.evaluation import Evaluation
    from index.types import Answer, Hit

__all__ = [
    "answer_to",
    "chat",
    "evaluation_lines",
    "print_answer",
    "questions_from_stdin",
    "stdout_console",
]

_PROMPT = "? "
_NEW = "/new"
_REMEMBERED = 4  # questions that one may follow on from
_INDENT = 2


def stdout_console() -> Console:
    """Return the console for results."""
    return Console(highlight=False, markup=False, emoji=False)


def print_answer(console: Console, answer: Answer) -> None:
    """Print the verdict where it is not plain, and each quote with its source under it.

    In a terminal lines are wrapped and the sentence that answers is bold; elsewhere each passage
    is one line, character for character.
    """
    if answer.is_followup:
        _print(console, Text(ENGLISH("understood", question=printable(answer.query)), style="dim"))
    if answer.verdict == Verdict.NO_ANSWER:
        _print(console, Text(ENGLISH("not-in-documents"), style="bold"))
        titles = closest_titles(answer)
        if titles:
            _print(console, Text(ENGLISH("closest-titles")))
        for title in titles:
            _print(console, Text(f"• {printable(title)}"), indent=_INDENT)
        return
    if answer.verdict == Verdict.UNSURE:
        _print(console, Text(f"{ENGLISH('unsure')} {ENGLISH('closest-passage')}", style="bold"))
    for hit in hits_to_show(answer):
        if hit.rank > 1:
            _print(console, Text())
        _print_hit(console, hit)


def _print_hit(console: Console, hit: Hit) -> None:
    quote = Text(hit.passage.text)
    quote.stylize("bold", *hit.highlight)
    _print(console, quote)
    path = printable(hit.source.path)
    known = (printable(hit.source.title), source_line(hit, ENGLISH), path, link_to(hit))
    source = "— " + " · ".join(part for part in known if part)
    _print(console, Text(source, style="dim"), indent=_INDENT)
    for other in hit.also_in:
        also = also_in(printable(other.source.title), other, ENGLISH)
        about = (also, other.source.publisher, printable(other.source.path), link_to(other))
        line = " · ".join(part for part in about if part)
        _print(console, Text(line, style="dim"), indent=2 * _INDENT)


def _print(console: Console, text: Text, *, indent: int = 0) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent)))
    else:  # rich would replace tabs and wrap lines
        console.file.write(f"{' ' * indent}{text.plain}\n")


def answer_to(
    retriever: Answerer, question: str, *, hits: int, said: Iterable[Turn] = ()
) -> Answer:
    """Answer a question within the bounds that its operators set: `in:`, `after:`, `before:`.

    It may follow on from what was said before, oldest first.

    Raises:
        QuestionError: an operator can't be followed, or nothing can be asked.
    """
    scoped = parse_scope(question, retriever.library)
    if scoped.problems:
        raise QuestionError(
            "; ".join(f"{printable(each.part)}: {each.reason}" for each in scoped.problems)
        )
    query = replace(scoped.query, history=tuple(said))
    (answer,) = retriever.retrieve_many([query], k=hits)
    return replace(answer, question=question)


def chat(retriever: Answerer, *, hits: int) -> None:
    """Answer questions until the end of input; questions from a pipe are shown too.

    In a terminal a question may follow on from those before it, until `/new`; those of a pipe have
    nothing to do with each other.
    """
    console = stdout_console()
    said: deque[Turn] = deque(maxlen=_REMEMBERED)
    is_piped = not sys.stdin.isatty()
    if not is_piped:
        # Gives `input` its line editing and history, where the system has it.
        with suppress(ImportError):
            __import__("readline")
        with console.status(ENGLISH("loading")):
            retriever.warm_up()
        _print(console, Text(ENGLISH("chat-greeting"), style="dim"))
    for question in questions_from_stdin():
        if is_piped:
            _print(console, Text(f"{_PROMPT}{question}"))
        elif question == _NEW:
            said.clear()
            _print(console, Text(ENGLISH("chat-anew"), style="dim"))
            continue
        try:
            answer = answer_to(retriever, question, hits=hits, said=said)
            print_answer(console, answer)
        except QuestionError as error:
            _print(console, Text(str(error), style="bold"))
        else:
            if not is_piped:
                said.append(Turn.from_answer(answer))
        _print(console, Text())


def questions_from_stdin() -> Iterator[str]:
    """Give one question a line until the end of input or Ctrl-C, blank lines passed over."""
    prompt = _PROMPT if sys.stdin.isatty() else ""
    if isinstance(sys.stdin, TextIOWrapper):
        # A line that is not text in the terminal's encoding is refused by itself, later.
        sys.stdin.reconfigure(errors="surrogateescape")
    while True:
        try:
            line = input(prompt).strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line:
            yield line


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """Say what an evaluation found, a figure a line, then the verdicts as a small table."""
    yield f"{evaluation.queries} questions over {evaluation.documents} documents"
    for name, value in evaluation.metrics.items():
        yield f"  {name:<12} {value:.3f}"
    for name, value in evaluation.latency_ms.items():
        yield f"  {name:<12} {value:.1f} ms"
    for kind, counts in evaluation.verdicts.items():
        total = sum(counts.values())
        if total:
            shares = ", ".join(f"{verdict} {count}" for verdict, count in counts.items())
            yield f"  {kind:<12} {total}: {shares}"
