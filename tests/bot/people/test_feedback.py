"""Thumbs and what was right: who may say it, of what, and what of it is kept."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.delivery.service import Service
from bot.memory.votes import Quoted, Vote, Votes
from bot.texts import ENGLISH
from index.types import Span, Verdict
from tests.bot.running import running
from tests.bot.samples import TEXT, ScriptedRetriever, make_answer, make_hit
from tests.botapi import BotApi, Message, ScriptedUser

FIRST = Quoted(passage_id="p1", highlight=Span(13, 37))
SECOND = Quoted(passage_id="p2", highlight=Span(0, 12))
LONG = "The miller's daughter, who had watched from the window all night, said so."


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A bot that answers with three hits, and its votes."""

    api: BotApi
    service: Service
    retriever: ScriptedRetriever

    @property
    def votes(self) -> list[Vote]:
        """What is kept."""
        return Votes(self.service.store, self.service.bot_id).everything()

    async def presses(self, user: ScriptedUser, message: Message, data: str) -> str:
        """Press a button; return what the person is told, once the press is done with."""
        press = await user.press(message, data=data)
        told = str((await press.wait_answer())["text"])
        while not self.service._lanes.is_idle:  # noqa: ASYNC110 -- idleness is no event
            await asyncio.sleep(0.005)
        return told


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Start the server and the bot."""
    hits = (
        make_hit(),
        make_hit(rank=2, highlight=Span(0, 12)),
        make_hit(LONG, Span(0, len(LONG)), rank=3),
    )
    retriever = ScriptedRetriever(make_answer(*hits))
    async with BotApi() as api, running(api, retriever, tmp_path) as service:
        yield Scene(api=api, service=service, retriever=retriever)


def card_id_of(message: Message) -> str:
    """Return the id that the buttons of a card hold."""
    [data] = [each["callback_data"] for each in message.buttons if each["text"] == "👍"]
    return str(data.removeprefix("up:"))


async def asked(user: ScriptedUser, text: str = "was it?") -> tuple[Message, str]:
    """Ask; return the answer and the id of its card."""
    await user.say(text)
    answer = await user.wait_reply()
    return answer, card_id_of(answer)


async def test_a_thumb_up_is_kept_with_what_it_is_about(scene: Scene) -> None:
    """And thanked for, without another message."""
    user = scene.api.user()
    answer, card_id = await asked(user)
    assert await scene.presses(user, answer, f"up:{card_id}") == ENGLISH("vote-noted")
    await user.say("/help")
    assert (await user.wait_reply()).text == ENGLISH("help")
    assert scene.votes == [
        Vote(
            card_id=card_id,
            user_id=user.id,
            asker_id=user.id,
            question="was it?",
            verdict=Verdict.ANSWERED,
            is_up=True,
            judged=FIRST,
            is_first=True,
        )
    ]


async def test_a_thumb_down_asks_which_passage_was_right(scene: Scene) -> None:
    """The other hits' first words are the buttons; the choice is kept, and closes the question."""
    user = scene.api.user()
    answer, card_id = await asked(user)
    await scene.presses(user, answer, f"dn:{card_id}")
    ask = await user.wait_reply()
    assert ask.text == ENGLISH("which-right")
    assert ask.reply_to is answer
    assert [(each["text"], each["callback_data"]) for each in ask.buttons] == [
        ("It was late.", f"right:{card_id}:p2:0:12"),
        ("The miller's daughter, who had watched from…", f"right:{card_id}:p3:0:{len(LONG)}"),
        (ENGLISH("none-right"), f"right:{card_id}:none"),
    ]
    assert await scene.presses(user, ask, f"right:{card_id}:p2:0:12") == ENGLISH("vote-noted")
    edited = await user.wait_edit()
    assert (edited.text, edited.buttons) == (ENGLISH("right-noted"), [])
    [vote] = scene.votes
    assert (vote.is_up, vote.judged, vote.right) == (False, FIRST, SECOND)


async def test_none_of_them_is_an_answer_too(scene: Scene) -> None:
    """Then the documents don't answer the question."""
    user = scene.api.user()
    answer, card_id = await asked(user)
    await scene.presses(user, answer, f"dn:{card_id}")
    ask = await user.wait_reply()
    await scene.presses(user, ask, f"right:{card_id}:none")
    await user.wait_edit()
    [vote] = scene.votes
    assert (vote.right, vote.is_none_right) == (None, True)


async def test_a_vote_can_be_changed_and_repeated(scene: Scene) -> None:
    """The last one counts; the same thumb again keeps what was said with it, and asks no more."""
    user = scene.api.user()
    answer, card_id = await asked(user)
    await scene.presses(user, answer, f"up:{card_id}")
    await scene.presses(user, answer, f"dn:{card_id}")
    ask = await user.wait_reply()
    await scene.presses(user, ask, f"right:{card_id}:p2:0:12")
    await user.wait_edit()
    await scene.presses(user, answer, f"dn:{card_id}")
    await user.say("/help")
    assert (await user.wait_reply()).text == ENGLISH("help")
    assert [vote.right for vote in scene.votes] == [SECOND]
    await scene.presses(user, answer, f"up:{card_id}")
    await scene.presses(user, answer, "up:forged-id!")
    assert [(vote.is_up, vote.right) for vote in scene.votes] == [(True, None)]
    asked_before = len(scene.retriever.questions)
    await scene.presses(user, answer, f"dn:{card_id}")
    assert len(scene.retriever.questions) == asked_before
    assert user.unread == []


async def test_the_passage_on_the_screen_is_judged(scene: Scene) -> None:
    """A thumb under the second hit says nothing of the first."""
    user = scene.api.user()
    answer, card_id = await asked(user)
    await user.press(answer, data=f"go:{card_id}:1")
    page = await user.wait_edit()
    await scene.presses(user, page, f"up:{card_id}")
    await user.say("/help")
    await user.wait_reply()
    [vote] = scene.votes
    assert (vote.judged, vote.is_first) == (SECOND, False)


async def test_in_a_group_everybody_has_a_vote(scene: Scene) -> None:
    """What was right is asked once, for all who voted; who did not vote is not asked."""
    ada, bob, cleo = (scene.api.user(name) for name in ("Ada", "Bob", "Cleo"))
    group = scene.api.supergroup("Readers", ada, bob, cleo, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Gates")
    await ada.say("/ask was it?", to=group, thread_id=topic)
    answer = await group.wait_reply()
    card_id = card_id_of(answer)
    await scene.presses(ada, answer, f"up:{card_id}")
    await scene.presses(bob, answer, f"dn:{card_id}")
    ask = await group.wait_reply()
    assert (ask.thread_id, ask.reply_to) == (topic, answer)
    await scene.presses(cleo, ask, f"right:{card_id}:p2:0:12")
    assert {vote.user_id for vote in scene.votes} == {ada.id, bob.id}
    await scene.presses(cleo, answer, f"dn:{card_id}")
    await scene.presses(cleo, ask, f"right:{card_id}:p2:0:12")
    await scene.presses(bob, ask, f"right:{card_id}:none")
    await ada.say("/help", to=group)
    assert (await group.wait_reply()).text == ENGLISH("help")
    by = {vote.user_id: vote for vote in scene.votes}
    assert by[ada.id].is_up
    assert by[ada.id].asker_id == by[bob.id].asker_id == ada.id
    assert by[bob.id].is_none_right
    assert by[cleo.id].right == SECOND


async def test_forged_presses_do_nothing(scene: Scene) -> None:
    """Of a card that is not there or elsewhere, of a hit that it has not, or before any vote."""
    user, other = scene.api.user("Ada"), scene.api.user("Eve")
    answer, card_id = await asked(user)
    elsewhere, _ = await asked(other)
    gone = ENGLISH("card-gone")
    assert await scene.presses(user, answer, "up:0123456789") == gone
    assert await scene.presses(user, answer, f"right:{card_id}:p2:0:12") == gone
    assert await scene.presses(other, elsewhere, f"up:{card_id}") == gone
    await scene.presses(user, answer, f"up:{card_id}")
    for chosen in ("p1:13:37", "p4:0:5", "p2:5:5", "p2:9:5", "p2:0:51", "p2:0", "0", "p2"):
        assert await scene.presses(user, answer, f"right:{card_id}:{chosen}") == gone
    assert await scene.presses(user, answer, f"right:{card_id}") == gone
    [vote] = scene.votes
    assert (vote.is_up, vote.right) == (True, None)


async def test_a_refusal_has_no_thumbs(scene: Scene) -> None:
    """There is nothing to judge."""
    scene.retriever.answer = make_answer(make_hit(), verdict=Verdict.NO_ANSWER)
    user = scene.api.user()
    await user.say("was it?")
    refusal = await user.wait_reply()
    [tell] = [each for each in refusal.buttons if each["callback_data"].startswith("tell:")]
    card_id = tell["callback_data"].removeprefix("tell:")
    assert await scene.presses(user, refusal, f"up:{card_id}") == ENGLISH("card-gone")
    assert scene.votes == []


async def test_a_choice_of_an_earlier_question_does_not_count(scene: Scene) -> None:
    """When the question was edited since, the passages offered answer another one."""
    user = scene.api.user()
    question = await user.say("was it?")
    answer = await user.wait_reply()
    card_id = card_id_of(answer)
    await scene.presses(user, answer, f"dn:{card_id}")
    ask = await user.wait_reply()
    scene.retriever.answer = make_answer(make_hit(TEXT, rank=2), question="who came?")
    await user.edit(question, "who came?")
    await user.wait_edit()
    assert await scene.presses(user, ask, f"right:{card_id}:p1:13:37") == ENGLISH("card-gone")
    assert [vote.right for vote in scene.votes] == [None]


async def test_a_limited_question_is_known_as_such(scene: Scene) -> None:
    """What some documents answer best says nothing of all of them."""
    user = scene.api.user()
    answer, card_id = await asked(user, "was it? in:gate")
    await scene.presses(user, answer, f"up:{card_id}")
    assert [vote.is_limited for vote in scene.votes] == [True]
