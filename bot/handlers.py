"""What each Telegram update does: handlers render, `Answering` answers."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, TypeAlias

from telegram import Message, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot import texts
from bot.cards import answer_card, sources_messages
from bot.outgoing import Outgoing
from index.errors import QuestionError

if TYPE_CHECKING:
    from bot.answering import Answering
    from bot.drafts import Drafts
    from bot.interactive import Interactive

    AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

__all__ = ["Handlers"]

_TYPING_S = 1.0  # a sign of life is not worth waiting longer for

_log = logging.getLogger(__name__)


class Handlers:
    """The handlers of one bot, over one `Answering`; what they say goes to `drafts`.

    What can't wait goes to `interactive`, never to the library's own methods: those know no turns.

    A question asked more than `stale_after_s` seconds ago gets an apology instead of an answer.
    """

    def __init__(
        self,
        answering: Answering,
        drafts: Drafts,
        interactive: Interactive,
        *,
        stale_after_s: float = float("inf"),
    ) -> None:
        self._answering = answering
        self._drafts = drafts
        self._interactive = interactive
        self._stale_after_s = stale_after_s

    def register(self, application: AnyApplication) -> None:
        """Add the handlers in their order: the first that fits an update takes it."""
        new = filters.UpdateType.MESSAGE  # plain filters also let edits through: two answers
        private = new & filters.ChatType.PRIVATE
        application.add_handler(CommandHandler("start", self.start, filters=new))
        application.add_handler(CommandHandler("help", self.help, filters=new))
        application.add_handler(CommandHandler("ask", self.ask, filters=new))
        application.add_handler(CommandHandler("sources", self.sources, filters=new))
        application.add_handler(MessageHandler(private & filters.COMMAND, self.unknown_command))
        application.add_handler(MessageHandler(private & filters.TEXT, self.text))
        application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, self.no_text))
        application.add_error_handler(self.failed)

    async def start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what this bot is for."""
        self._say(update, texts.START)

    async def help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say how it works."""
        self._say(update, texts.HELP)

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the question after `/ask`."""
        question = " ".join(context.args or ())
        if question:
            await self._answer(update, question)
        else:
            self._say(update, texts.ASK_USAGE)

    async def text(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a plain message in a private chat."""
        if update.effective_message is not None and update.effective_message.text:
            await self._answer(update, update.effective_message.text)

    async def sources(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List the documents."""
        for message in sources_messages(self._answering.documents()):
            self._say(update, message, html=True)

    async def unknown_command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Point to /help."""
        self._say(update, texts.UNKNOWN_COMMAND)

    async def no_text(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say that a picture or a voice can't be read."""
        self._say(update, texts.ONLY_TEXT)

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log what went wrong, and tell the person no more than that something did."""
        _log.error("an update could not be handled", exc_info=context.error)
        if isinstance(update, Update) and update.message is not None:
            self._say(update, texts.FAILED)

    async def _answer(self, update: Update, question: str) -> None:
        message = update.effective_message
        if message is not None and time.time() - message.date.timestamp() > self._stale_after_s:
            self._say(update, texts.TOO_LATE, quote=True)
            return
        typing = asyncio.create_task(self._show_typing(message))
        try:
            answer = await self._answering.answer(_as_text(question))
        except QuestionError:
            self._say(update, texts.ASK_USAGE)
        else:
            self._say(update, answer_card(answer), html=True)
        finally:
            # It must not come after the answer, which would take it for the next one's.
            await asyncio.wait([typing], timeout=_TYPING_S)
            typing.cancel()

    async def _show_typing(self, message: Message | None) -> None:
        if message is not None:
            await self._interactive.show_typing(message.chat.id, _thread(message))

    def _say(self, update: Update, text: str, *, html: bool = False, quote: bool = False) -> None:
        message = update.effective_message
        if message is None:
            return
        arguments: dict[str, Any] = {"text": text, "link_preview_options": {"is_disabled": True}}
        if html:
            arguments["parse_mode"] = ParseMode.HTML
        # In a group it must be plain whom the answer is for.
        if quote or message.chat.type != message.chat.PRIVATE:
            arguments["reply_parameters"] = {
                "message_id": message.message_id,
                "allow_sending_without_reply": True,
            }
        if (thread := _thread(message)) is not None:
            arguments["message_thread_id"] = thread
        self._drafts.add(update.update_id, Outgoing(chat_id=message.chat.id, arguments=arguments))


def _as_text(question: str) -> str:
    """Return a question without what is no text: NUL, and halves of surrogate pairs."""
    whole = question.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", " ")


def _thread(message: Message | None) -> int | None:
    return message.message_thread_id if message and message.is_topic_message else None
