"""The bot's lists of commands, one for each scope and language."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.botapi.errors import bad_request

MAX_COMMANDS = 100
MAX_NAME_CHARS = 32
MAX_DESCRIPTION_CHARS = 256
_NAME = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES: Mapping[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


class CommandLists:
    """What setMyCommands stores. Source: Bot API, setMyCommands; TDLib, BotCommand.cpp."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], list[dict[str, str]]] = {}

    def set(self, commands: list[dict[str, str]], arguments: Mapping[str, Any]) -> None:
        """Replace the list of a scope and language.

        Raises:
            ApiError: 400 for a name, a description or a list outside the limits.
        """
        key = _key(arguments)
        checked = [_checked(each) for each in commands]
        if len(checked) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._lists[key] = checked

    def get(self, arguments: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return exactly the list of this scope and language, empty when there is none."""
        return self._lists.get(_key(arguments), [])

    def delete(self, arguments: Mapping[str, Any]) -> None:
        """Remove the list of a scope and language."""
        self._lists.pop(_key(arguments), None)


def _key(arguments: Mapping[str, Any]) -> tuple[str, str]:
    scope = arguments.get("scope", {"type": "default"})
    if scope["type"] not in _SCOPES:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    needed = _SCOPES[scope["type"]]
    for name in needed:
        if name not in scope:
            raise bad_request(f"Can't parse BotCommandScope: Can't find field \"{name}\"")
    language = arguments.get("language_code", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("Invalid language code specified")
    return json.dumps({"type": scope["type"]} | {name: scope[name] for name in needed}), language


def _checked(command: Mapping[str, str]) -> dict[str, str]:
    name = command["command"].strip().removeprefix("/")
    description = command["description"].strip()
    for text, label, most in (
        (name, "Command", MAX_NAME_CHARS),
        (description, "Command description", MAX_DESCRIPTION_CHARS),
    ):
        if not text:
            raise bad_request(f"{label} must be non-empty")
        if len(text) > most:
            raise bad_request(f"{label} length must not exceed {most}")
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}
