"""`verbatim bot` with everything real but the retriever: so it starts in a second.

python -m tests.e2e.scripted           one bot
python -m tests.e2e.scripted --forks   for each line on standard input, a forked bot whose number
                                       is printed: the libraries are imported only once

With SCRIPTED_INDEX it answers from the index in its state folder, made by `tests.index.made`.

`/edit`, `/document` and presses of "known" do by the bot's own means what no handler
of its own does yet.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

import bot.app
import bot.composing
from bot.__main__ import main
from bot.database import postgres
from bot.delivery import health, http, polling
from bot.delivery.outgoing import Outgoing
from bot.handlers import register_handlers
from bot.sharing import replica
from index.confidence import Thresholds
from index.library import Place
from index.live import LiveRetriever
from index.types import Answer, Document, Hit, Passage, Source, Span, Timings, Verdict
from tests.index.made import ENCODER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.settings import Settings
    from index.queries import Query
    from index.types import Document

SLOW_S = 1.5
SOURCE = Source(title="The Echo", path="seeds/echo.txt")


class EchoLibrary:
    """Every text is a passage of the one document, and its own id."""

    generation = "echo"
    documents: Sequence[Document] = ()

    def hit_of(self, passage_id: str, _highlight: Span | None = None) -> Hit:
        """Return a text as a hit."""
        return _hit(passage_id)

    def place(self, passage_id: str) -> Place:
        """Return where a text stands."""
        hit = _hit(passage_id)
        return Place(passage=hit.passage, source=hit.source, document_id="d", index=0)

    def titled(self, _words: str) -> Sequence[Document]:
        """Return no document: questions are limited to none."""
        return self.documents

    def around(self, passage_id: str, **_counts: int) -> list[Passage]:
        """Return the text alone: nothing stands around it."""
        return [_hit(passage_id).passage]


class EchoRetriever:
    """Answers each question with itself; some words in it have their effect.

    `slow` takes its time, `broken` fails, `deadly` ends the process, and `together` is answered
    with how many questions were searched at once.
    """

    library = EchoLibrary()
    problem = ""
    search_s = 0.0

    def warm_up(self) -> None:
        """Do nothing: there is no model."""

    def retrieve_many(self, queries: Sequence[Query], *, k: int) -> Iterator[Answer]:
        """Give each question back."""
        for query in queries:
            asked = query.text
            is_asked = "together" in asked
            yield self.retrieve(f"{len(queries)} {asked}" if is_asked else asked, k=k)

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Give the question back."""
        del k
        time.sleep(self.search_s)
        if "slow" in question:
            time.sleep(SLOW_S)
        if "deadly" in question:
            os._exit(1)
        if "broken" in question:
            raise RuntimeError("broken")
        return Answer(
            question=question,
            query=question,
            verdict=Verdict.ANSWERED,
            confidence=1.0,
            hits=(_hit(question),),
            generation="echo",
            timings=Timings(encode_ms=0, search_ms=0, rerank_ms=0, total_ms=0),
        )


class Scripted:
    """Handlers that do one thing each by the bot's own means."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add them."""
        for name in ("edit", "document"):
            application.add_handler(CommandHandler(name, getattr(self, name)))
        known = "known".__eq__  # a regular expression's "$" would let a line's end through
        application.add_handler(CallbackQueryHandler(self.pressed, pattern=known))

    async def edit(self, update: Update, _context: Any) -> None:
        """Change the message that is replied to, by the outbox."""
        message = update.effective_message
        if message is not None and message.reply_to_message is not None:
            arguments = {"text": "edited", "message_id": message.reply_to_message.message_id}
            self._queue(update, message.chat.id, "editMessageText", arguments)

    async def document(self, update: Update, _context: Any) -> None:
        """Send a file of the documents' folder, with a button."""
        if update.effective_chat is not None:
            button = {"text": "Press", "callback_data": "known"}
            arguments = {"reply_markup": {"inline_keyboard": [[button]]}, "caption": "here"}
            self._queue(update, update.effective_chat.id, "sendDocument", arguments, "notes.txt")

    async def pressed(self, update: Update, _context: Any) -> None:
        """Answer a press, then say so."""
        query = update.callback_query
        # The library lets empty data through any pattern.
        if query is not None and query.message is not None and query.data == "known":
            await self._desk.interactive.answer_press(query.id, text="well")
            self._queue(update, query.message.chat.id, "sendMessage", {"text": "pressed"})

    def _queue(
        self,
        update: Update,
        chat_id: int,
        method: str,
        arguments: dict[str, Any],
        document: str | None = None,
    ) -> None:
        self._desk.drafts.add(
            update.update_id,
            Outgoing(chat_id=chat_id, method=method, arguments=arguments, document=document),
        )


def _hit(text: str) -> Hit:
    passage = Passage(id=text, document_id="d", number=1, of=1, start=0, end=len(text), text=text)
    end = min(5, len(text))
    return Hit(passage=passage, source=SOURCE, rank=1, score=1.0, highlight=Span(0, end))


def _fork_for_each_line() -> None:
    """Fork a bot for each order: a line of JSON with `cwd`, `env`, `log` and `ended`.

    A process between waits for the bot's end and writes its status to the file `ended`, so that
    many may be under way.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            number = os.fork()
            if number == 0:
                _become_a_bot(order)
                return
            os.write(writing, str(number).encode())
            _, status = os.waitpid(number, 0)
            ended = f"{order['ended']}.new"
            Path(ended).write_text(str(os.waitstatus_to_exitcode(status)), "utf-8")
            Path(ended).rename(order["ended"])
            os._exit(0)
        sys.stdout.write(os.read(reading, 20).decode() + "\n")
        sys.stdout.flush()
        os.close(reading)
        os.close(writing)


def _no_encoder(_settings: Any) -> None:
    return None


def _become_a_bot(order: dict[str, Any]) -> None:
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, file in enumerate((nothing, nothing, log)):
        os.dup2(file, number)
    try:
        _run()
    except SystemExit as end:
        # Libraries whose threads the fork left behind can't end as they would by themselves.
        logging.shutdown()
        os._exit(end.code if isinstance(end.code, int) else 1)


def _run() -> None:
    health._DEAF_AFTER_S = float(os.environ.get("SCRIPTED_DEAF_AFTER_S", health._DEAF_AFTER_S))
    polling._POLL_S = int(os.environ.get("SCRIPTED_POLL_S", polling._POLL_S))
    http._READ_S = float(os.environ.get("SCRIPTED_READ_S", http._READ_S))
    replica.LEASE_S = float(os.environ.get("SCRIPTED_LEASE_S", replica.LEASE_S))
    postgres._SESSION["idle_in_transaction_session_timeout"] = f"{0.6 * replica.LEASE_S:.2f}s"
    EchoRetriever.search_s = float(os.environ.get("SCRIPTED_SEARCH_S", "0"))
    sys.argv = ["verbatim", "bot"]
    main()


def _live_retriever(settings: Settings, _encoder: Any) -> Any:
    if "SCRIPTED_INDEX" not in os.environ:
        return nullcontext(EchoRetriever())
    thresholds = Thresholds(
        answered=settings.answered_confidence, unsure=settings.unsure_confidence
    )
    return LiveRetriever(settings.state_dir, ENCODER, thresholds=thresholds)


def _register_handlers(application: AnyApplication, desk: Desk) -> None:
    scripted = Scripted(desk)
    scripted.register(application)
    register_handlers(application, desk)


if __name__ == "__main__":
    bot.composing.encoder_of = _no_encoder  # type: ignore[assignment]
    bot.composing.live_retriever = _live_retriever  # type: ignore[assignment]
    bot.app.register_handlers = _register_handlers  # type: ignore[attr-defined]
    if "--forks" in sys.argv:
        _fork_for_each_line()
    else:
        _run()
