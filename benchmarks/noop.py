"""A bot that replies to everything at once and keeps nothing: the ceiling of `delivery`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from telegram.ext import ApplicationBuilder, MessageHandler, filters

from bot.delivery.http import AiohttpRequest

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import ContextTypes


async def _reply(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.effective_message is not None:
        await update.effective_message.reply_text("yes")


def main() -> None:
    """Poll until a signal."""
    application = (
        ApplicationBuilder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{os.environ['TELEGRAM_API_BASE_URL']}/bot")
        .request(AiohttpRequest())
        .get_updates_request(AiohttpRequest(connections=2))
        .concurrent_updates(64)
        .build()
    )
    application.add_handler(MessageHandler(filters.ALL, _reply))
    application.run_polling()


if __name__ == "__main__":
    main()
