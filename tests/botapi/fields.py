"""How the tables of methods and objects describe one parameter or field.

Kinds are the specification's own type names; `Id` is its "Integer or String", `InputFile` its
"InputFile or String", and `Unmodelled` marks what exists in the Bot API but is not imitated here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a method or field of an object; `missing` is the text when it is absent."""

    kind: str
    is_required: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A JSON object that a bot may send; `prefix` starts the text of any error inside it."""

    fields: Mapping[str, Field]
    prefix: str = ""


def need(kind: str, missing: str = "") -> Field:
    """Return a required field."""
    return Field(kind, is_required=True, missing=missing)


INTEGER, STRING, BOOLEAN = Field("Integer"), Field("String"), Field("Boolean")
STRINGS = Field("Array of String")
UNMODELLED = Field("Unmodelled")
ENTITIES = Field("Array of MessageEntity")
INLINE_KEYBOARD = Field("InlineKeyboardMarkup")
