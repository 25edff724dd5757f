"""Answers in a terminal, one at a time or as a conversation."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot import texts
from bot.selection import closest_titles, hits_to_show
from index.errors import QuestionError
from index.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.evaluation import Evaluation
    from index.types import Answer, Hit, Retriever

__all__ = ["chat", "evaluation_lines", "print_answer", "questions_from_stdin", "stdout_console"]

_PROMPT = "? "
_INDENT = 2


def stdout_console() -> Console:
    """Return a console for results: styled in a terminal, plain unwrapped lines elsewhere."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def print_answer(console: Console, answer: Answer) -> None:
    """Print the verdict where it is not plain, and each quote with its source under it."""
    if answer.verdict == Verdict.NO_ANSWER:
        console.print(Text(texts.NOT_IN_DOCUMENTS, style="bold"))
        titles = closest_titles(answer)
        if titles:
            console.print(texts.CLOSEST_TITLES)
        for title in titles:
            console.print(f"{' ' * _INDENT}• {title}")
        return
    if answer.verdict == Verdict.UNSURE:
        console.print(Text(f"{texts.UNSURE} {texts.CLOSEST_PASSAGE}", style="bold"))
    for hit in hits_to_show(answer):
        if hit.rank > 1:
            console.print()
        _print_hit(console, hit)


def _print_hit(console: Console, hit: Hit) -> None:
    quote = Text(hit.passage.text)
    quote.stylize("bold", *hit.highlight)
    console.print(quote)
    source = Text(f"— {hit.source.title} · {texts.source_line(hit)} · {hit.source.path}", "dim")
    if hit.source.url:
        source.append(f" · {hit.source.url}")
    if console.soft_wrap:
        console.print(" " * _INDENT, source, sep="")
    else:
        console.print(Padding(source, (0, 0, 0, _INDENT)))


def chat(retriever: Retriever, *, hits: int) -> None:
    """Answer questions until the end of input; questions from a pipe are shown too."""
    console = stdout_console()
    is_piped = not sys.stdin.isatty()
    if not is_piped:
        # Gives `input` its line editing and history, where the system has it.
        with suppress(ImportError):
            __import__("readline")
        console.print(texts.CHAT_GREETING, style="dim")
    for question in questions_from_stdin():
        if is_piped:
            console.print(Text(f"{_PROMPT}{question}", style="dim"))
        try:
            print_answer(console, retriever.retrieve(question, k=hits))
        except QuestionError as error:
            console.print(Text(str(error), style="bold"))
        console.print()


def questions_from_stdin() -> Iterator[str]:
    """Give one question a line until the end of input or Ctrl-C, blank lines passed over."""
    prompt = _PROMPT if sys.stdin.isatty() else ""
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
