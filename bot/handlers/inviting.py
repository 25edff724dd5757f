"""Admins let people in by invitation, and show them out."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, ContextTypes, filters

from bot.incoming import Incoming
from bot.people.admins import sent_by_admins
from bot.people.retention import DAY_S, INVITATION_S
from bot.questions.payloads import PayloadKind, start_link

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Inviting"]

_CODE_BYTES = 18  # 144 bits of chance: nobody guesses one
_MOST_USES = 1000
_MOST_ID_DIGITS = 16


class Inviting:
    """/invite [uses] and /remove ID. To everybody else there are no such commands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        by_admin = sent_by_admins(self._desk.settings) & filters.ChatType.PRIVATE
        application.add_handler(CommandHandler("invite", self.invite, filters=by_admin))
        application.add_handler(CommandHandler("remove", self.remove, filters=by_admin))

    async def invite(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Make a link that lets in as many people as are asked for, one unless said."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        desk, texts = self._desk, incoming.texts
        if not desk.access.is_by_invitation:
            desk.replies.say(incoming, texts("invite-off"))
            return
        uses = _number(context.args, default=1)
        if uses is None or not 1 <= uses <= _MOST_USES:
            desk.replies.say(incoming, texts("invite-usage", most=_MOST_USES))
            return
        code = secrets.token_urlsafe(_CODE_BYTES)
        desk.drafts.also(
            incoming.update_id,
            lambda connection: desk.invites.make_within(connection, code, uses=uses),
        )
        link = start_link(context.bot.username, PayloadKind.INVITATION, code)
        days = round(INVITATION_S / DAY_S)
        # Outside of the text, whose marks of direction would become a part of it.
        desk.replies.say(incoming, f"{texts('invite-link', uses=uses, days=days)}\n{link}")

    async def remove(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Let somebody who was invited in no more, from his next update on."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        desk, texts = self._desk, incoming.texts
        user_id = _number(context.args)
        if user_id is None:
            desk.replies.say(incoming, texts("remove-usage"))
        elif not desk.invites.is_member(user_id):
            desk.replies.say(incoming, texts("remove-unknown"))
        else:
            desk.drafts.also(
                incoming.update_id,
                lambda connection: desk.invites.forget_within(connection, user_id),
            )
            desk.replies.say(incoming, texts("removed"))


def _number(arguments: list[str] | None, default: int | None = None) -> int | None:
    """Return the only argument as a number; `default` where there is none, None for any other."""
    match arguments or ():
        case []:
            return default
        case [digits] if digits.isdecimal() and len(digits) <= _MOST_ID_DIGITS:
            return int(digits)
    return None
