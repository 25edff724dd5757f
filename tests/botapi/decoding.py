"""Reads a call's parameters from any of the encodings that Bot API clients use."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.botapi.errors import bad_request

_NOT_UTF8 = "strings must be encoded in UTF-8"


async def read_parameters(request: web.Request) -> dict[str, str]:
    """Return the parameters as text: query string first, then the body, whatever its encoding.

    Source: Bot API, "Making requests": URL query string, application/x-www-form-urlencoded,
    application/json (except for uploading files), multipart/form-data.
    """
    parameters = _from_form(request.rel_url.raw_query_string.encode())
    match request.content_type:
        case "application/x-www-form-urlencoded":
            parameters |= _from_form(await request.read())
        case "application/json":
            parameters |= _from_json(await request.read())
        case "multipart/form-data":
            parameters |= await _from_multipart(request)
    for value in parameters.values():
        try:
            value.encode()
        except UnicodeEncodeError:  # JSON can spell half of a surrogate pair
            raise bad_request(_NOT_UTF8) from None
    return parameters


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
    return {name: _as_text(each) for name, each in value.items() if each is not None}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


async def _from_multipart(request: web.Request) -> dict[str, str]:
    parameters = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("can't parse multipart form data")
        content = await part.read()
        try:
            # No method modelled here takes a file, so a file is refused by its parameter's kind.
            parameters[part.name] = part.filename or content.decode()
        except UnicodeDecodeError:
            raise bad_request(_NOT_UTF8) from None
    return parameters
