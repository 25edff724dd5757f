"""Documents that admins send become documents that are answered from."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING

from telegram import Document, Message
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.cards.reviews import review_text
from bot.errors import NotAddedError
from bot.handlers.admin import rebuild_for
from bot.incoming import Incoming
from bot.maintenance.filenames import safe_name
from bot.maintenance.offering import OfferedFiles
from bot.maintenance.rebuilding import live_name
from bot.maintenance.seeding import SeedFolder
from bot.memory.offers import Offer, Offers
from bot.memory.rebuilds import Rebuilds
from bot.people.admins import is_by_admin, sent_by_admins
from bot.questions.reviewing import review
from index.generations import Generations
from index.readers import is_known, suffixes

if TYPE_CHECKING:
    from telegram import CallbackQuery, Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.maintenance.seeding import Found
    from bot.questions.reviewing import Review
    from bot.replies import Keyboard

__all__ = ["Adding"]

_PUT, _KEEP = "adm:put:", "adm:keep:"


class Adding:
    """A document in private: read, put into the folder, and built in.

    One that would take another's place waits for a press. To everybody else the bot reads no
    documents.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rebuilds = Rebuilds(desk.store, desk.bot_id)
        self._offers = Offers(desk.store, desk.bot_id)
        self._files = OfferedFiles(desk.settings.state_dir)
        self._folder = SeedFolder(desk.settings.seeds_dir)
        self._generations = Generations(desk.settings.state_dir)

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        by_admins = sent_by_admins(self._desk.settings)
        sent = by_admins & filters.ChatType.PRIVATE & filters.Document.ALL
        application.add_handler(MessageHandler(sent, self.document))
        application.add_handler(CallbackQueryHandler(self.put, pattern=f"^{_PUT}"))
        application.add_handler(CallbackQueryHandler(self.keep, pattern=f"^{_KEEP}"))

    async def document(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Add a document, or say why it is not added."""
        incoming, message = Incoming.from_update(update), update.effective_message
        if incoming is None or message is None or message.document is None:
            return
        try:
            name = self._name_of(message.document)
            data = await self._fetched(message.document)
            found = await review(self._desk.settings.seeds_dir, name, data)
            await self._take(incoming, name, data, found)
        except NotAddedError as error:
            text = incoming.texts(error.text, **error.values)
            self._desk.replies.say(incoming, text, is_reply=True)

    async def put(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Put a document in the place of the one that it was offered for."""
        if (pressed := await self._pressed(update, _PUT)) is None:
            return
        incoming, offer = pressed
        texts = incoming.texts
        before = live_name(self._generations)
        try:
            await asyncio.to_thread(self._replace, offer)
        except NotAddedError as error:
            self._desk.replies.say(incoming, texts(error.text, **error.values))
            return
        said = texts("offer-taken", file=offer.name)
        self._desk.replies.edit(incoming, incoming.message_id, said)
        self._close(incoming, offer)
        self._build(incoming, before)

    async def keep(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Leave everything as it is."""
        if (pressed := await self._pressed(update, _KEEP)) is None:
            return
        incoming, offer = pressed
        said = incoming.texts("offer-kept", file=offer.name)
        self._desk.replies.edit(incoming, incoming.message_id, said)
        self._close(incoming, offer)

    def _name_of(self, document: Document) -> str:
        """Return the name to keep a document under, once it is one that may be kept."""
        name = safe_name(document.file_name or "")
        if not is_known(PurePath(name).suffix):
            raise NotAddedError("not-added-type", known=" ".join(suffixes()))
        most_mb = self._desk.settings.max_upload_mb
        if (document.file_size or 0) > most_mb << 20:
            raise NotAddedError("not-added-too-large", most=most_mb)
        return name

    async def _fetched(self, document: Document) -> bytes:
        most_mb = self._desk.settings.max_upload_mb
        try:
            data = await self._desk.downloads.fetch(document.file_id, max_bytes=most_mb << 20)
        except TelegramError:
            raise NotAddedError("not-added-download") from None
        if data is None:  # what was said of its size was not so
            raise NotAddedError("not-added-too-large", most=most_mb)
        return data

    async def _take(self, incoming: Incoming, name: str, data: bytes, found: Review) -> None:
        texts = incoming.texts
        before = live_name(self._generations)
        there = await asyncio.to_thread(self._folder.found, name)
        if there is not None and there.sha256 != hashlib.sha256(data).hexdigest():
            await self._offer(incoming, name, data, found, there)
            return
        if there is None:
            await asyncio.to_thread(self._folder.put, name, data)
        # What is there may have been put there before a crash: it is built in all the same.
        headline = texts("added" if there is None else "added-before", file=name)
        self._desk.replies.say(incoming, review_text(headline, found, texts), is_reply=True)
        self._build(incoming, before)

    async def _offer(
        self, incoming: Incoming, name: str, data: bytes, found: Review, there: Found
    ) -> None:
        """Ask whether a document is to take another's place."""
        texts = incoming.texts
        offer = Offer(
            key=await asyncio.to_thread(self._files.keep, data),
            chat_id=incoming.chat_id,
            user_id=incoming.user_id or 0,
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            replaces=there.sha256,
        )
        self._desk.drafts.also(
            incoming.update_id, lambda connection: self._offers.add_within(connection, offer)
        )
        question = texts("offer", file=name, before=there.size, now=len(data))
        keyboard: Keyboard = [
            [
                {"text": texts("offer-replace"), "callback_data": f"{_PUT}{offer.key}"},
                {"text": texts("offer-keep"), "callback_data": f"{_KEEP}{offer.key}"},
            ]
        ]
        text = review_text(question, found, texts)
        self._desk.replies.say(incoming, text, keyboard=keyboard, is_reply=True)

    async def _pressed(self, update: Update, prefix: str) -> tuple[Incoming, Offer] | None:
        """Answer a press, and return whose it is and the offer that it is about, if it may be."""
        query, incoming = update.callback_query, Incoming.from_update(update)
        if query is None or incoming is None:
            return None
        offer = self._offer_of(query, prefix)
        toast = None if offer is not None else incoming.texts("card-gone")
        await self._desk.interactive.answer_press(query.id, text=toast)
        return (incoming, offer) if offer is not None else None

    def _offer_of(self, query: CallbackQuery, prefix: str) -> Offer | None:
        message = query.message
        if not is_by_admin(query, self._desk.settings) or not isinstance(message, Message):
            return None
        offer = self._offers.get((query.data or "").removeprefix(prefix))
        return offer if offer is not None and offer.chat_id == message.chat.id else None

    def _replace(self, offer: Offer) -> None:
        """Put an offered file into its place, unless that was done before a crash."""
        there = self._folder.found(offer.name)
        if there is not None and there.sha256 == offer.sha256:
            return
        data = self._files.read(offer.key, sha256=offer.sha256)
        self._folder.put(offer.name, data, over=offer.replaces if there is not None else None)

    def _close(self, incoming: Incoming, offer: Offer) -> None:
        """Forget an offer, and the file that was kept for it."""
        self._files.drop(offer.key)
        self._desk.drafts.also(
            incoming.update_id,
            lambda connection: self._offers.remove_within(connection, offer.key),
        )

    def _build(self, incoming: Incoming, before: str | None) -> None:
        rebuild = rebuild_for(incoming, before=before)
        self._desk.drafts.also(
            incoming.update_id,
            lambda connection: self._rebuilds.add_within(connection, rebuild),
        )
