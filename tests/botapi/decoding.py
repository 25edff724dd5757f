"""Reads a call's parameters from any of the encodings that Bot API clients use."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.botapi.errors import bad_request
from tests.botapi.files import Upload

ATTACHED = "attach://"
_NOT_UTF8 = "strings must be encoded in UTF-8"


async def read_call(request: web.BaseRequest) -> tuple[dict[str, str], dict[str, Upload]]:
    """Return the parameters as text, query string first, then the body, and the files.

    A file's own parameter is the text attach://<its name>, as a client may write it itself.
    Source: Bot API, "Making requests": URL query string, application/x-www-form-urlencoded,
    application/json (except for uploading files), multipart/form-data.
    """
    query = request.rel_url.raw_query_string
    parameters = _from_form(query.encode()) if query else {}
    files: dict[str, Upload] = {}
    if request.content_type == "multipart/form-data":
        await _read_multipart(request, parameters, files)
    else:
        parameters |= from_body(request.content_type, await request.read())
    return parameters, files


def from_body(content_type: str, body: bytes) -> dict[str, str]:
    """Return the parameters of an urlencoded or a JSON body, none of any other.

    Raises:
        ApiError: 400 for what can't be read, or is not UTF-8.
    """
    match content_type:
        case "application/x-www-form-urlencoded":
            return _from_form(body)
        case "application/json":
            return _from_json(body)
    return {}


def _from_form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise bad_request(_NOT_UTF8) from None


def _from_json(body: bytes) -> dict[str, str]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(value, Mapping):
        raise bad_request("object expected as request body")
    parameters = {name: _as_text(each) for name, each in value.items() if each is not None}
    for text in parameters.values():
        try:
            text.encode()
        except UnicodeEncodeError:  # JSON can spell half of a surrogate pair
            raise bad_request(_NOT_UTF8) from None
    return parameters


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


async def _read_multipart(
    request: web.BaseRequest, parameters: dict[str, str], files: dict[str, Upload]
) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("can't parse multipart form data")
        content = bytes(await part.read())
        if part.filename is not None:
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(name=part.filename, mime_type=mime_type, content=content)
            parameters.setdefault(part.name, ATTACHED + part.name)
            continue
        try:
            parameters[part.name] = content.decode()
        except UnicodeDecodeError:
            raise bad_request(_NOT_UTF8) from None
