"""Who may ask, and who runs the bot: read anew for every update, so a change holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.memory.invites import Invites
    from bot.settings import Settings

__all__ = ["Access"]


class Access:
    """The rules of ACCESS; ids are Telegram's, never what somebody says of himself.

    A person who may ask may do so anywhere, as he might copy an answer to anywhere. In a chat
    that is allowed everybody may.
    """

    def __init__(self, settings: Settings, invites: Invites) -> None:
        self._mode = settings.access
        self._users = frozenset(settings.allowed_users)
        self._chats = frozenset(settings.allowed_chats)
        self._admins = frozenset(settings.admin_ids)
        self._invites = invites

    @property
    def is_open(self) -> bool:
        """Whether everybody may ask."""
        return self._mode == "open"

    @property
    def is_by_invitation(self) -> bool:
        """Whether an invitation lets people in."""
        return self._mode == "invite"

    def is_admin(self, user_id: int | None) -> bool:
        """Whether somebody runs the bot."""
        return user_id in self._admins

    def is_allowed(self, *, user_id: int | None, chat_id: int | None) -> bool:
        """Whether somebody (None: nobody is named) may ask in a chat (None: in no chat).

        Raises:
            StoreError: it can't be looked up.
        """
        return (
            self.is_open
            or chat_id in self._chats
            or user_id in self._users
            or user_id in self._admins
            or (self.is_by_invitation and user_id is not None and self._invites.is_member(user_id))
        )
