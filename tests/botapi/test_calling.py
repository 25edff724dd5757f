"""How a method is called: paths, encodings, parameters and the answers to wrong ones."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.botapi.answers import ANSWERS
from tests.botapi.conftest import Caller
from tests.botapi.methods import METHODS

COMMANDS = '[{"command": "ask", "description": "Fragen & mehr ü"}]'


def test_every_method_of_the_table_is_answered() -> None:
    """The table of methods and the answers name the same methods."""
    assert METHODS.keys() == ANSWERS.keys()


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"commands": COMMANDS}},
        {"data": f"commands={quote(COMMANDS)}&language_code="},
        {"json": {"commands": [{"command": "ask", "description": "Fragen & mehr ü"}]}},
        {"json": {"commands": COMMANDS, "scope": None}},
        {"params": {"commands": COMMANDS}},
        {"multipart": True},
    ],
    ids=["form", "raw form", "json", "json of text", "query string", "multipart"],
)
async def test_parameters_come_in_four_encodings(
    api: BotApi, http: aiohttp.ClientSession, body: dict[str, Any]
) -> None:
    """Query string, urlencoded, JSON and multipart (Bot API, "Making requests")."""
    url = f"{api.base_url}/bot{api.token}/setMyCommands"
    headers = {}
    if isinstance(body.get("data"), str):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if body.pop("multipart", False):
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("commands", COMMANDS)
        body = {"data": form}
    async with http.post(url, headers=headers, **body) as response:
        assert await response.json() == {"ok": True, "result": True}
    assert api.account.commands.get({})[0]["description"] == "Fragen & mehr ü"


async def test_get_and_any_case_work(api: BotApi, http: aiohttp.ClientSession) -> None:
    """GET and POST are supported, method names in any case (Bot API, "Making requests")."""
    async with http.get(f"{api.base_url}/bot{api.token}/GETME") as response:
        result = (await response.json())["result"]
    assert (result["id"], result["is_bot"], result["username"]) == (
        123456789,
        True,
        "verbatim_test_bot",
    )


@pytest.mark.parametrize(
    ("path", "code", "description"),
    [
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/bot{token}/nothing", 404, "Not Found: method not found"),
        ("/", 404, "Not Found"),
        ("/bot{token}", 404, "Not Found"),
    ],
)
async def test_wrong_addresses(
    api: BotApi, http: aiohttp.ClientSession, path: str, code: int, description: str
) -> None:
    """A wrong token is 401, a wrong method or path 404 (telegram-bot-api, Client.cpp)."""
    async with http.get(api.base_url + path.format(token=api.token)) as response:
        assert response.status == code
        assert await response.json() == {
            "ok": False,
            "error_code": code,
            "description": description,
        }


async def test_a_revoked_token_is_unauthorized(api: BotApi, call: Caller) -> None:
    """After /revoke every call with the old token is 401."""
    assert (await call("getMe"))["ok"]
    api.revoke_token()
    assert (await call("getMe"))["error_code"] == 401


@pytest.mark.parametrize(
    ("method", "parameters", "description"),
    [
        ("getMe", {"x": 1}, 'unknown parameter "x" of method getMe'),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"text": "", "chat_id": 1}, "message text is empty"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
        ("getUpdates", {"offset": "soon"}, 'field "offset" must be of type Integer'),
        ("getUpdates", {"allowed_updates": "message"}, "can't parse String JSON object"),
        ("deleteWebhook", {"drop_pending_updates": "maybe"}, "must be of type Boolean"),
        ("setMyCommands", {"commands": [{"command": "x"}]}, 'Can\'t find field "description"'),
        ("setMyCommands", {"commands": {}}, 'field "commands" must be of type Array'),
        ("setMyCommands", {"commands": [1]}, "botCommand must be an Object"),
        ("sendMessage", {"chat_id": 1, "text": "\ud83d"}, "strings must be encoded in UTF-8"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"keys": []}},
            "object expected as reply keyboard markup",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "link_preview_options": {"disabled": True}},
            'unknown parameter "disabled" of LinkPreviewOptions',
        ),
    ],
)
async def test_wrong_parameters_are_refused(
    call: Caller, method: str, parameters: dict[str, Any], description: str
) -> None:
    """Parameters are those of the specification, with their types (Bot API 10.1)."""
    answer = await call(method, **parameters)
    assert answer["error_code"] == 400
    assert answer["description"].startswith("Bad Request: ")
    assert description in answer["description"]


async def test_what_is_not_modelled_is_said(call: Caller) -> None:
    """A parameter that the server does not imitate is a 501, so no test relies on it."""
    answer = await call("sendMessage", chat_id=1, text="x", business_connection_id="b")
    assert answer["error_code"] == 501


async def test_bytes_that_are_no_utf8_are_refused(
    api: BotApi, http: aiohttp.ClientSession
) -> None:
    """Strings must be encoded in UTF-8 (TDLib, clean_input_string)."""
    url = f"{api.base_url}/bot{api.token}/sendMessage"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with http.post(url, data=b"chat_id=1&text=%ff", headers=headers) as response:
        answer = await response.json()
    assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_a_body_that_is_too_large_is_refused(
    api: BotApi, http: aiohttp.ClientSession
) -> None:
    """An oversized request gets an envelope as well, with 413."""
    url = f"{api.base_url}/bot{api.token}/sendMessage"
    body = BytesIO(b'{"text": "' + b"x" * 5_000_000 + b'"}')
    headers = {"Content-Type": "application/json"}
    async with http.post(url, data=body, headers=headers) as response:
        assert (response.status, (await response.json())["error_code"]) == (413, 413)


async def test_a_fault_of_the_server_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception inside the server is a 500 for the bot and raised at the end."""

    async def provoke() -> None:
        async with BotApi() as api, aiohttp.ClientSession() as http:
            monkeypatch.delattr(api.account, "commands")
            url = f"{api.base_url}/bot{api.token}/getMyCommands"
            async with http.get(url) as response:
                assert response.status == 500

    with pytest.raises(ExceptionGroup) as caught:
        await provoke()
    assert caught.group_contains(AttributeError)
