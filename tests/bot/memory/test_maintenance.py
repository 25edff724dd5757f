"""What the bot remembers of builds that were asked for, and of documents on offer."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.memory.offers import OFFERED_S, Offer, Offers
from bot.memory.rebuilds import Rebuild, Rebuilds

if TYPE_CHECKING:
    import pytest

    from bot.database.store import Store

REBUILD = Rebuild(chat_id=1, thread_id=7, user_id=11, language="ar", before="g")
OFFER = Offer(key="k", chat_id=1, user_id=11, name="a.txt", sha256="one", replaces="two")


async def test_builds_are_kept_in_their_order(store: Store) -> None:
    """One that waits stands for all of its chat; one at work does not."""
    rebuilds = Rebuilds(store, 1)
    await store.write(lambda c: rebuilds.add_within(c, REBUILD))
    await store.write(lambda c: rebuilds.add_within(c, replace(REBUILD, before="later")))
    [first] = rebuilds.all()
    assert first == replace(REBUILD, id=first.id)
    assert first.tag == f"rebuild:{first.id}"
    await store.write(lambda c: rebuilds.begin_within(c, first))
    await store.write(lambda c: rebuilds.add_within(c, replace(REBUILD, before="later")))
    await store.write(lambda c: rebuilds.add_within(c, replace(REBUILD, chat_id=2)))
    assert [(each.chat_id, each.before, each.is_begun) for each in rebuilds.all()] == [
        (1, "g", True),
        (1, "later", False),
        (2, "g", False),
    ]
    await store.write(lambda c: rebuilds.end_within(c, first))
    assert len(rebuilds.all()) == 2


async def test_an_offer_is_kept_until_it_is_taken(store: Store) -> None:
    """By its key alone."""
    offers = Offers(store, 1)
    await store.write(lambda c: offers.add_within(c, OFFER))
    assert offers.get("k") == OFFER
    assert offers.get("other") is None
    await store.write(lambda c: offers.remove_within(c, "k"))
    assert offers.get("k") is None


async def test_each_bot_has_its_own(store: Store) -> None:
    """A token may be exchanged for another bot's."""
    await store.write(lambda c: Offers(store, 1).add_within(c, OFFER))
    await store.write(lambda c: Rebuilds(store, 1).add_within(c, REBUILD))
    assert Offers(store, 2).get("k") is None
    assert Rebuilds(store, 2).all() == []


async def test_a_person_is_forgotten(store: Store) -> None:
    """With what he asked for and offered, and nobody else."""
    offers, rebuilds = Offers(store, 1), Rebuilds(store, 1)

    def add_both(connection: Connection, *, user_id: int) -> None:
        offer = replace(OFFER, key=f"k{user_id}", user_id=user_id)
        offers.add_within(connection, offer)
        rebuild = replace(REBUILD, chat_id=user_id, user_id=user_id)
        rebuilds.add_within(connection, rebuild)

    for user_id in (11, 22):
        await store.write(partial(add_both, user_id=user_id))
    await store.write(lambda c: offers.forget_within(c, 11))
    await store.write(lambda c: rebuilds.forget_within(c, 11))
    assert offers.get("k11") is None
    assert offers.get("k22") is not None
    assert [each.user_id for each in rebuilds.all()] == [22]


async def test_what_is_old_is_pruned(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An offer is void after a day, before it is pruned too; a build is forgotten after a week."""
    offers, rebuilds = Offers(store, 1), Rebuilds(store, 1)
    await store.write(lambda c: offers.add_within(c, OFFER))
    await store.write(lambda c: rebuilds.add_within(c, REBUILD))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + OFFERED_S + 1)
    assert offers.get("k") is None
    for memory in (offers, rebuilds):
        await store.write(memory.prune_within)
    assert store.read(text("SELECT count(*) FROM offers")) == [(0,)]
    assert len(rebuilds.all()) == 1
    monkeypatch.setattr(time, "time", lambda: now + 8 * 86_400)
    await store.write(rebuilds.prune_within)
    assert rebuilds.all() == []
