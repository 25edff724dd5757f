"""setMyCommands and its limits."""

from typing import Any

import pytest

from tests.botapi import ApiError
from tests.botapi.commands import CommandLists


def listed(*names: str, description: str = "d") -> list[dict[str, str]]:
    """Return commands with these names."""
    return [{"command": name, "description": description} for name in names]


def refusal(commands: list[dict[str, str]], **arguments: Any) -> str:
    """Return what the server says to a list it does not take."""
    with pytest.raises(ApiError) as caught:
        CommandLists().set(commands, arguments)
    return caught.value.description.removeprefix("Bad Request: ")


def test_each_scope_and_language_has_its_list() -> None:
    """A list is found by exactly its scope and language (Bot API, getMyCommands)."""
    lists = CommandLists()
    private = {"scope": {"type": "all_private_chats"}, "language_code": "de"}
    lists.set(listed("start"), {})
    lists.set(listed("hilfe"), private)
    assert lists.get({}) == listed("start")
    assert lists.get(private) == listed("hilfe")
    assert lists.get({"language_code": "fr"}) == []
    lists.delete(private)
    assert lists.get(private) == []


def test_names_are_stored_without_their_slash() -> None:
    """White space and one leading slash are dropped (TDLib, BotCommand.cpp)."""
    lists = CommandLists()
    lists.set(listed(" /help "), {})
    assert lists.get({}) == listed("help")


@pytest.mark.parametrize("name", ["Help", "hi-there", "été", "a b"])
def test_names_are_lower_case_words(name: str) -> None:
    """A name has 1-32 of a-z, 0-9 and _ (Bot API, BotCommand)."""
    assert refusal(listed(name)) == "BOT_COMMAND_INVALID"


def test_lengths_are_limited() -> None:
    """Names hold 32 characters, descriptions 1-256 (Bot API, BotCommand)."""
    assert refusal(listed("a" * 33)) == "command length must not exceed 32"
    assert refusal(listed("/")) == "command must be non-empty"
    assert refusal(listed("a", description=" ")) == "command description must be non-empty"
    assert refusal(listed("a", description="d" * 257)) == (
        "command description length must not exceed 256"
    )


def test_a_list_holds_100_commands() -> None:
    """At most 100 commands can be specified (Bot API, setMyCommands)."""
    names = [f"c{number}" for number in range(101)]
    CommandLists().set(listed(*names[:100]), {})
    assert refusal(listed(*names)) == "BOT_COMMANDS_TOO_MUCH"


def test_scopes_and_languages_are_checked() -> None:
    """A scope needs its fields, a language two letters (Bot API, BotCommandScope)."""
    assert "Unsupported type" in refusal([], scope={"type": "everywhere"})
    assert 'Can\'t find field "chat_id"' in refusal([], scope={"type": "chat"})
    assert refusal([], language_code="eng") == "invalid language code specified"
