"""One call over HTTP: from the request to the answer, with whatever is scripted to go wrong."""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import web

from tests.botapi.account import Account
from tests.botapi.answers import answer_call
from tests.botapi.calls import Call
from tests.botapi.checking import find_method, typed_arguments
from tests.botapi.decoding import from_body, read_call
from tests.botapi.errors import ApiError
from tests.botapi.faults import Ending, Fault
from tests.botapi.files import Upload

_FOR_EVER_S = 86_400.0 * 365
_JSON = {"Content-Type": "application/json"}
_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    "</body>\r\n</html>\r\n"
)


async def exchange(
    request: web.BaseRequest, account: Account, name: str, *, latency_s: float
) -> web.StreamResponse:
    """Answer a call of the method `name`.

    Raises:
        ApiError: when there is no such method or the request can't be read.
    """
    method = find_method(name)
    parameters, files = await read_call(request)
    if latency_s:
        await asyncio.sleep(latency_s / 2)
    call = Call(method=method, parameters=parameters, arrived_at=account.clock.now())
    account.calls.arrive(call)
    fault = account.faults.take(method, parameters)
    if fault is None:
        answer = await perform(account, call, files)
        response: web.StreamResponse = json_response(answer)
    else:
        response = await _respond_badly(request, account, call, files, fault)
    if latency_s:
        await asyncio.sleep(latency_s / 2)
    return response


async def perform(account: Account, call: Call, files: Mapping[str, Upload]) -> dict[str, Any]:
    """Do what the call asks for; return the envelope, which is recorded as well."""
    try:
        account.check_open()
        ok = await answer_call(
            account, call.method, typed_arguments(call.method, call.parameters, files)
        )
        answer = ok.envelope()
    except ApiError as refusal:
        answer = refusal.envelope()
    account.calls.finish(call, answer)
    return answer


async def perform_reply(account: Account, response: aiohttp.ClientResponse) -> None:
    """Do what the answer to a webhook asks for, if it calls a method.

    Those that begin with get and those that would end the delivery are passed over; there is
    nobody to tell of a failure (telegram-bot-api, WebhookActor.cpp, handle).
    """
    try:
        parameters = from_body(response.content_type, await response.read())
        method = find_method(parameters.pop("method", ""))
    except ApiError:
        return
    if method.startswith("get") or method in {"setWebhook", "deleteWebhook", "close", "logOut"}:
        return
    call = Call(
        method=method,
        parameters=parameters,
        arrived_at=account.clock.now(),
        is_webhook_reply=True,
    )
    account.calls.arrive(call)
    await perform(account, call, {})


def json_response(answer: Mapping[str, Any]) -> web.Response:
    """Return the envelope as an HTTP response."""
    return web.Response(
        body=json.dumps(answer).encode(), status=answer.get("error_code", 200), headers=_JSON
    )


async def _respond_badly(
    request: web.BaseRequest,
    account: Account,
    call: Call,
    files: Mapping[str, Upload],
    fault: Fault,
) -> web.StreamResponse:
    # A client that gives up in the meantime does not undo what it has sent.
    effect = asyncio.create_task(_effect(account, call, files, fault))
    account.effects.add(effect)
    effect.add_done_callback(account.effects.discard)
    answer, done_at = await asyncio.shield(effect)
    if fault.refusal is not None:
        answer = fault.refusal.envelope()
    await account.clock.sleep_until(done_at + fault.after_s)
    # What was recorded is what the client saw, or would have seen.
    account.calls.finish(call, answer)
    match fault.ending:
        case Ending.HTML:
            return web.Response(text=_PAGE, status=502, content_type="text/html")
        case Ending.TRUNCATED:
            return await _truncated(request, answer)
        case Ending.CLOSED | Ending.RESET:
            _hang_up(request, is_reset=fault.ending is Ending.RESET)
        case Ending.SILENCE:
            await asyncio.sleep(_FOR_EVER_S)
    return json_response(answer)


async def _effect(
    account: Account, call: Call, files: Mapping[str, Upload], fault: Fault
) -> tuple[dict[str, Any], float]:
    """Do what the call asks for, if it is to happen; return the envelope and when it was done."""
    await account.clock.sleep(fault.before_s)
    answer = await perform(account, call, files) if fault.has_effect else {}
    return answer, account.clock.now()


async def _truncated(request: web.BaseRequest, answer: Mapping[str, Any]) -> web.StreamResponse:
    body = json.dumps(answer).encode()
    response = web.StreamResponse(headers=_JSON | {"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _hang_up(request, is_reset=False)
    return response


def _hang_up(request: web.BaseRequest, *, is_reset: bool) -> None:
    if (transport := request.transport) is None:
        return
    if is_reset:  # closing with a zero linger time sends RST instead of FIN
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
