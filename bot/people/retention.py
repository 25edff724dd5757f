"""How long what is kept of people is kept: all of it in one place, since /privacy tells them."""

from __future__ import annotations

__all__ = [
    "COUNTED_S",
    "DAY_S",
    "FEEDBACK_S",
    "HANDLED_S",
    "INVITATION_S",
    "LINKED_S",
    "QUESTIONS_S",
    "REBUILDS_S",
    "SENT_S",
    "WAITING_S",
]

DAY_S = 86_400.0

HANDLED_S = 2 * DAY_S
"""Numbers of updates that were handled: Telegram repeats an update for a day at most."""

SENT_S = 90 * DAY_S
"""Which message is which answer: who presses a button under an older one is told it is gone."""

INVITATION_S = 7 * DAY_S
"""Invitations that nobody has used."""

COUNTED_S = DAY_S
"""When somebody asked, for quotas: the longest of them."""

QUESTIONS_S = 90 * DAY_S
"""What was asked and how it went, for /stats."""

FEEDBACK_S = 180 * DAY_S
"""Thumbs, until a maintainer makes golden questions of them."""

WAITING_S = 90 * DAY_S
"""Questions that somebody waits for."""

LINKED_S = 365 * DAY_S
"""How passages began that a link was given for; nothing of it is about a person."""

REBUILDS_S = 7 * DAY_S
"""What admins asked for and was not done: builds, documents to replace others (a day)."""
