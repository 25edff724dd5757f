"""Checks a call's parameters against the table of methods and gives them their types."""

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from tests.botapi.decoding import ATTACHED
from tests.botapi.errors import ApiError, bad_request, not_modelled
from tests.botapi.fields import Field
from tests.botapi.files import Upload
from tests.botapi.methods import METHODS
from tests.botapi.objects import OBJECTS, UNIONS

# What the real server calls each JSON value when it can't parse it (Client.cpp, get_*).
_JSON_LABELS = {
    "Array of BotCommand": "commands",
    "Array of InlineQueryResult": "inline query results",
    "Array of ReactionType": "reaction types",
    "InlineKeyboardMarkup": "reply keyboard markup",
    "LinkPreviewOptions": "link preview options",
    "ReplyMarkup": "reply keyboard markup",
    "ReplyParameters": "reply parameters",
}
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}
_BY_LOWER_CASE = {known.lower(): known for known in METHODS}
_SCALARS = {"Integer", "String", "Boolean", "Id", "Unmodelled"}
_ARRAY_OF = "Array of "


def find_method(name: str) -> str:
    """Return the method's documented name; the case does not matter (Bot API)."""
    known = _BY_LOWER_CASE.get(name.lower())
    if known is None:
        raise ApiError(404, "Not Found: method not found")
    return known


def typed_arguments(
    method: str, given: Mapping[str, str], files: Mapping[str, Upload] = MappingProxyType({})
) -> dict[str, Any]:
    """Return the parameters with their documented types; an empty one counts as absent.

    Raises:
        ApiError: 400 for an unknown parameter, a missing one or a wrong type; 501 for one that
            this server does not model.
    """
    fields = METHODS[method]
    attached = {
        name for name in files if any(given.get(each) == ATTACHED + name for each in fields)
    }
    given = {name: text for name, text in given.items() if name not in attached - fields.keys()}
    _refuse_unknown(fields, given, f"method {method}")
    arguments = {
        name: _input_file(name, text, files)
        if fields[name].kind == "InputFile"
        else _from_text(fields[name].kind, name, text)
        for name, text in given.items()
        if text
    }
    _refuse_missing(fields, arguments, 'parameter "{name}" is required')
    return arguments


def _refuse_unknown(fields: Mapping[str, Field], names: Iterable[str], owner: str) -> None:
    for name in names:
        if name not in fields:
            raise bad_request(f'unknown parameter "{name}" of {owner}')


def _refuse_missing(
    fields: Mapping[str, Field], present: Mapping[str, Any], default: str, prefix: str = ""
) -> None:
    for name, field in fields.items():
        if field.is_required and name not in present:
            raise bad_request(prefix + (field.missing or default.format(name=name)))


def _input_file(name: str, text: str, files: Mapping[str, Upload]) -> Upload | str:
    """Return the file that was uploaded, here or as attach://<name>, or else the text."""
    if not text.startswith(ATTACHED):
        return text
    if text.removeprefix(ATTACHED) not in files:
        raise bad_request(f'there is no file for the parameter "{name}"')
    return files[text.removeprefix(ATTACHED)]


def _from_text(kind: str, name: str, text: str) -> Any:
    if kind in _SCALARS:
        return _typed(kind, name, text)
    label = _JSON_LABELS.get(kind, kind.removeprefix(_ARRAY_OF))
    try:
        value = json.loads(text)
    except ValueError:
        raise bad_request(f"can't parse {label} JSON object") from None
    if not _is_utf8(value):
        raise bad_request("strings must be encoded in UTF-8")
    return _typed(kind, name, value)


def _typed(kind: str, name: str, value: Any) -> Any:
    if kind == "Unmodelled":
        raise not_modelled(f'the parameter "{name}"')
    if kind in _SCALARS:
        return _scalar(kind, name, value)
    if kind.startswith(_ARRAY_OF):
        if not isinstance(value, list):
            raise bad_request(f'Field "{name}" must be of type Array')
        return [_typed(kind.removeprefix(_ARRAY_OF), name, each) for each in value]
    if not isinstance(value, dict):
        raise bad_request(f"{kind} must be an Object")
    return _typed_object(_member_type(kind, value), value)


def _scalar(kind: str, name: str, value: Any) -> Any:
    text = str(value).strip() if isinstance(value, str | int) else ""
    match kind:
        case "String" if isinstance(value, str):
            return value
        case "Boolean" if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        case "Integer" if _is_integer(text):
            return int(text)
        case "Id" if text:
            return int(text) if _is_integer(text) else text
    raise bad_request(f'Field "{name}" must be of type {kind}')


def _typed_object(kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
    fields, prefix = OBJECTS[kind].fields, OBJECTS[kind].prefix
    _refuse_unknown(fields, value, kind)
    present = {
        name: _typed(fields[name].kind, name, each)
        for name, each in value.items()
        if each is not None
    }
    _refuse_missing(fields, present, 'Can\'t find field "{name}"', prefix)
    return present


def _member_type(kind: str, value: Mapping[str, Any]) -> str:
    for member in UNIONS.get(kind, (kind,)):
        required = [name for name, field in OBJECTS[member].fields.items() if field.is_required]
        if kind not in UNIONS or all(name in value for name in required):
            return member
    raise bad_request(f"Object expected as {_JSON_LABELS[kind]}")


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii()


def _is_utf8(value: Any) -> bool:
    """Tell whether no string in the JSON value holds half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
