"""Codes let in whom they should, as often as they should, and are not kept."""

import time

import pytest
from sqlalchemy import text

from bot.database.store import Store
from bot.errors import InvitationGoneError
from bot.memory import invites as module
from bot.memory.invites import Invites

ADA, BOB, CLEO = 1, 2, 3


@pytest.fixture
def invites(store: Store) -> Invites:
    """Return the invitations of bot 7."""
    return Invites(store, 7)


async def test_a_code_lets_in_as_many_as_it_says(store: Store, invites: Invites) -> None:
    """The use after the last is refused, and nobody comes in by it."""
    await store.write(lambda c: invites.make_within(c, "code", uses=2))
    await store.write(lambda c: invites.accept_within(c, "code", ADA))
    assert invites.is_good("code")
    await store.write(lambda c: invites.accept_within(c, "code", BOB))
    assert not invites.is_good("code")
    with pytest.raises(InvitationGoneError):
        await store.write(lambda c: invites.accept_within(c, "code", CLEO))
    assert [invites.is_member(each) for each in (ADA, BOB, CLEO)] == [True, True, False]
    assert store.read(text("SELECT * FROM invites")) == []


async def test_a_code_runs_out(
    store: Store, invites: Invites, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time it lets nobody in, and is forgotten."""
    monkeypatch.setattr(module, "INVITATION_S", -1.0)
    await store.write(lambda c: invites.make_within(c, "code", uses=2))
    assert not invites.is_good("code")
    with pytest.raises(InvitationGoneError):
        await store.write(lambda c: invites.accept_within(c, "code", ADA))
    await store.write(invites.prune_within)
    assert store.read(text("SELECT * FROM invites")) == []


async def test_a_code_is_kept_as_a_hash_alone(store: Store, invites: Invites) -> None:
    """Whoever reads the file finds no code in it, and no other bot takes it."""
    await store.write(lambda c: invites.make_within(c, "code", uses=2))
    [(bot_id, kept, uses, expires_at)] = store.read(text("SELECT * FROM invites"))
    assert (bot_id, uses) == (7, 2)
    assert kept == "5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b"
    assert expires_at - time.time() <= 7 * 86_400
    assert not Invites(store, 8).is_good("code")
    assert not invites.is_good(kept)


async def test_who_is_removed_is_no_member(store: Store, invites: Invites) -> None:
    """The others stay."""
    await store.write(lambda c: invites.make_within(c, "code", uses=2))
    for user_id in (ADA, BOB):
        await store.write(lambda c, who=user_id: invites.accept_within(c, "code", who))  # type: ignore[misc]
    await store.write(lambda c: invites.forget_within(c, ADA))
    assert [invites.is_member(each) for each in (ADA, BOB)] == [False, True]
