"""`verbatim bot` with everything real but the retriever: so it starts in a second.

python -m tests.e2e.scripted           one bot
python -m tests.e2e.scripted --forks   for each line on standard input, a forked bot whose number
                                       is printed: to be killed many times without importing again
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import bot.app
import bot.composing
from bot.__main__ import main
from index.types import Answer, Document, Hit, Passage, Source, Span, Timings, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SLOW_S = 1.5
SOURCE = Source(title="The Echo", path="seeds/echo.txt")


class EchoRetriever:
    """Answers each question with itself; `slow` takes its time, `broken` fails."""

    def warm_up(self) -> None:
        """Do nothing: there is no model."""

    def documents(self) -> list[tuple[Document, int]]:
        """Return so many documents that their list takes three messages."""
        return [(_document(number), number) for number in range(1, 201)]

    def retrieve_many(self, questions: Sequence[str], *, k: int) -> Iterator[Answer]:
        """Give each question back."""
        for question in questions:
            yield self.retrieve(question, k=k)

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Give the question back."""
        del k
        if "slow" in question:
            time.sleep(SLOW_S)
        if "broken" in question:
            raise RuntimeError("broken")
        return Answer(
            question=question,
            verdict=Verdict.ANSWERED,
            confidence=1.0,
            hits=(_hit(question),),
            generation="echo",
            timings=Timings(encode_ms=0, search_ms=0, rerank_ms=0, total_ms=0),
        )


def _hit(text: str) -> Hit:
    passage = Passage(id="p", document_id="d", number=1, of=1, start=0, end=len(text), text=text)
    end = min(5, len(text))
    return Hit(passage=passage, source=SOURCE, rank=1, score=1.0, highlight=Span(0, end))


def _document(number: int) -> Document:
    title = f"Document {number} with a title of some length"
    source = Source(title=title, path=f"seeds/{number}.txt")
    return Document(id=str(number), source=source, text="", content_hash="")


def _fork_for_each_line() -> None:
    for _ in sys.stdin:
        number = os.fork()
        if number == 0:
            main()
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        os.waitpid(number, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


def _no_encoder(_settings: Any) -> None:
    return None


def _live_retriever(_settings: Any, _encoder: Any) -> Any:
    return nullcontext(EchoRetriever())


if __name__ == "__main__":
    bot.composing.encoder_of = _no_encoder  # type: ignore[assignment]
    bot.composing.live_retriever = _live_retriever  # type: ignore[assignment]
    are_forks = "--forks" in sys.argv
    sys.argv = ["verbatim", "bot"]
    if are_forks:
        _fork_for_each_line()
    else:
        main()
