"""A Bot API server for tests: what Telegram does, on 127.0.0.1, with scripted users.

    async with BotApi() as api:
        user = api.user("Ada")
        await user.say("question")          # the bot gets it by getUpdates
        reply = await user.wait_reply(timeout_s=10)

In groups, with faults, at the published rates, to a webhook:

    group = api.supergroup("Readers", user, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Physics")
    await user.say("/ask why?", to=group, thread_id=topic)
    reply = await group.wait_reply()
    api.faults.add("sendMessage", nth=2, fault=refusal(429, retry_after=30))
    api.faults.add("sendMessage", chat_id=user.id, fault=disconnect(has_effect=True))
    api.enforce_rates()
    api.clock.advance(30)               # all waits, faults and expiries go by this clock
    api.proxy("https://bot.example", to="http://127.0.0.1:8443")    # ends TLS for the bot

`run_load` asks many questions and times the answers; `RemoteBotApi` runs the server in a process
of its own; `python -m tests.botapi` is a conversation at the terminal.

It is stricter than Telegram in four ways, where Telegram would hide a mistake of the bot: unknown
parameters and fields are refused (Telegram ignores them), values must have the documented type
(Telegram falls back to a default), nested blockquotes are refused (Telegram drops the inner one),
and what the server does not model is answered with 501 instead of being silently accepted.
"""

from tests.botapi.calls import Call
from tests.botapi.clock import Clock
from tests.botapi.entities import Entity
from tests.botapi.errors import ApiError
from tests.botapi.faults import (
    Fault,
    bad_gateway,
    delay,
    disconnect,
    refusal,
    silence,
    truncated,
)
from tests.botapi.groups import ScriptedGroup
from tests.botapi.inline import InlineQuery
from tests.botapi.load import LoadReport, run_load
from tests.botapi.messages import Message
from tests.botapi.presses import Press
from tests.botapi.remote import RemoteBotApi, RemoteError
from tests.botapi.scene import Scene
from tests.botapi.server import BotApi
from tests.botapi.users import ScriptedUser

__all__ = [
    "ApiError",
    "BotApi",
    "Call",
    "Clock",
    "Entity",
    "Fault",
    "InlineQuery",
    "LoadReport",
    "Message",
    "Press",
    "RemoteBotApi",
    "RemoteError",
    "Scene",
    "ScriptedGroup",
    "ScriptedUser",
    "bad_gateway",
    "delay",
    "disconnect",
    "refusal",
    "run_load",
    "silence",
    "truncated",
]
