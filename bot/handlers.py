"""What each Telegram update does: handlers render, `Answering` answers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeAlias

from telegram import LinkPreviewOptions, Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import NetworkError, TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot import texts
from bot.cards import answer_card, sources_messages
from index.errors import QuestionError

if TYPE_CHECKING:
    from bot.answering import Answering

    AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

__all__ = ["Handlers"]

_log = logging.getLogger(__name__)


class Handlers:
    """The handlers of one bot, over one `Answering`."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

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
        await _say(update, texts.START)

    async def help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say how it works."""
        await _say(update, texts.HELP)

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the question after `/ask`."""
        question = " ".join(context.args or ())
        if question:
            await self._answer(update, question)
        else:
            await _say(update, texts.ASK_USAGE)

    async def text(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a plain message in a private chat."""
        if update.effective_message is not None and update.effective_message.text:
            await self._answer(update, update.effective_message.text)

    async def sources(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List the documents."""
        for message in sources_messages(self._answering.documents()):
            await _say(update, message, html=True)

    async def unknown_command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Point to /help."""
        await _say(update, texts.UNKNOWN_COMMAND)

    async def no_text(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say that a picture or a voice can't be read."""
        await _say(update, texts.ONLY_TEXT)

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log what went wrong, and tell the person no more than that something did."""
        if update is None and isinstance(context.error, NetworkError):
            _log.warning("Telegram can't be reached, trying again: %s", context.error)
            return
        _log.error("an update could not be handled", exc_info=context.error)
        if isinstance(update, Update) and update.message is not None:
            try:
                await _say(update, texts.FAILED)
            except TelegramError as error:
                _log.warning("nor could the apology be sent: %s", error)

    async def _answer(self, update: Update, question: str) -> None:
        await _show_typing(update)
        try:
            answer = await self._answering.answer(question)
        except QuestionError:
            await _say(update, texts.ASK_USAGE)
            return
        await _say(update, answer_card(answer), html=True)


async def _show_typing(update: Update) -> None:
    if update.effective_chat is None:
        return
    try:
        await update.effective_chat.send_action(
            ChatAction.TYPING, message_thread_id=_thread(update.effective_message)
        )
    except TelegramError as error:  # a sign of life only: the answer matters
        _log.info("typing could not be shown: %s", error)


async def _say(update: Update, text: str, *, html: bool = False) -> None:
    message = update.effective_message
    if message is None:
        return
    await message.reply_text(
        text,
        parse_mode=ParseMode.HTML if html else None,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        # In a group it must be plain whom the answer is for.
        do_quote=message.chat.type != message.chat.PRIVATE,
    )


def _thread(message: Message | None) -> int | None:
    return message.message_thread_id if message and message.is_topic_message else None
