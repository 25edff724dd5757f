"""A Bot API server for tests: what Telegram does, on 127.0.0.1, with scripted users.

    async with BotApi() as api:
        user = api.user("Ada")
        await user.say("question")          # the bot gets it by getUpdates
        reply = await user.wait_reply(timeout_s=10)

It is stricter than Telegram in four ways, each of which would hide a mistake of the bot: unknown
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
from tests.botapi.messages import Message
from tests.botapi.presses import Press
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
    "Message",
    "Press",
    "Scene",
    "ScriptedGroup",
    "ScriptedUser",
    "bad_gateway",
    "delay",
    "disconnect",
    "refusal",
    "silence",
    "truncated",
]
