"""Documents, by users and by the bot, and other messages that are no text."""

from io import BytesIO

import aiohttp
import pytest

from tests.botapi import ApiError, BotApi
from tests.botapi.conftest import Caller
from tests.botapi.files import Files, Upload


async def test_a_document_is_uploaded_and_downloaded(
    api: BotApi, call: Caller, http: aiohttp.ClientSession
) -> None:
    """GetFile gives a path under /file/bot<token>/, good for an hour (Bot API, File)."""
    ada = api.user()
    await ada.send_document(b"one two", name="notes.md", mime_type="text/markdown", caption="my")
    message = (await call("getUpdates"))["result"][0]["message"]
    document = message["document"]
    assert (message["caption"], "text" in message) == ("my", False)
    assert (document["file_name"], document["file_size"]) == ("notes.md", 7)
    found = (await call("getFile", file_id=document["file_id"]))["result"]
    url = f"{api.base_url}/file/bot{api.token}/{found['file_path']}"
    async with http.get(url) as response:
        assert (response.status, await response.read()) == (200, b"one two")
    async with http.get(url.replace(api.token, "1:x")) as response:
        assert response.status == 401
    api.clock.advance(3601)
    async with http.get(url) as response:
        assert response.status == 404


async def test_what_is_too_big_can_not_be_downloaded(api: BotApi, call: Caller) -> None:
    """Bots download files of up to 20 MB (Bot API, getFile)."""
    ada = api.user()
    message = await ada.send_document(b"x", size=20 * 1024 * 1024 + 1)
    assert message.document is not None
    refused = await call("getFile", file_id=message.document.file_id)
    assert refused["description"] == "Bad Request: file is too big"
    refused = await call("getFile", file_id="nothing")
    assert refused["description"] == "Bad Request: invalid file_id"


@pytest.mark.parametrize("part", ["document", "attachment"])
async def test_the_bot_sends_a_document(
    api: BotApi, http: aiohttp.ClientSession, part: str
) -> None:
    """A file comes as the parameter itself or as attach://<name> (Bot API, "Sending files")."""
    ada = api.user()
    await ada.say("notes?")
    form = aiohttp.FormData()
    form.add_field("chat_id", str(ada.id))
    form.add_field("caption", "<b>yours</b>")
    form.add_field("parse_mode", "HTML")
    if part != "document":
        form.add_field("document", f"attach://{part}")
    content = BytesIO(b"z" * 5_000_000)
    form.add_field(part, content, filename="a.txt", content_type="text/plain")
    async with http.post(f"{api.base_url}/bot{api.token}/sendDocument", data=form) as response:
        result = (await response.json())["result"]
    reply = await ada.wait_reply(timeout_s=1)
    assert reply.document is not None
    assert (len(reply.document.content), reply.marked("bold")) == (5_000_000, ["yours"])
    assert result["caption_entities"] == [{"offset": 0, "length": 5, "type": "bold"}]


async def test_a_document_is_sent_again_by_its_id(api: BotApi, call: Caller) -> None:
    """A file_id sends what exists already (Bot API, "Sending files")."""
    ada = api.user()
    message = await ada.send_document(b"x")
    assert message.document is not None
    given = {"chat_id": ada.id, "document": message.document.file_id}
    assert (await call("sendDocument", **given))["result"]["document"]["file_size"] == 1
    for wrong, code, description in (
        ({"document": "nothing"}, 400, "Bad Request: wrong file identifier/HTTP URL specified"),
        ({"document": ""}, 400, "Bad Request: there is no document in the request"),
        ({"document": "attach://gone"}, 400, "Bad Request: there is no file for the parameter"),
        ({"document": "https://a.example/x"}, 501, "Not Implemented"),
        ({"caption": "x" * 1025}, 400, "Bad Request: message caption is too long"),
    ):
        refused = await call("sendDocument", **given | wrong)
        assert refused["error_code"] == code
        assert refused["description"].startswith(description)


async def test_an_empty_file_is_refused(api: BotApi, http: aiohttp.ClientSession) -> None:
    """A file must hold something (telegram-bot-api, Client.cpp, get_input_file)."""
    ada = api.user()
    await ada.say("notes?")
    form = aiohttp.FormData({"chat_id": str(ada.id)})
    form.add_field("document", b"", filename="a.txt")
    async with http.post(f"{api.base_url}/bot{api.token}/sendDocument", data=form) as response:
        answer = await response.json()
    assert answer["description"] == "Bad Request: file must be non-empty"


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "location", "contact", "dice"])
async def test_messages_need_not_be_text(api: BotApi, call: Caller, kind: str) -> None:
    """People send many things that hold no text (Bot API, Message)."""
    message = await api.user().send(kind)
    received = (await call("getUpdates"))["result"][0]["message"]
    assert kind in received
    assert "text" not in received
    assert message.is_media


def test_a_file_of_more_than_50_mb_is_refused() -> None:
    """Bots send files of up to 50 MB (Bot API, sendDocument)."""
    large = Upload(name="a.bin", mime_type="", content=bytes(50 * 1024 * 1024 + 1))
    with pytest.raises(ApiError, match="413"):
        Files().received(large)
