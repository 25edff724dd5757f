"""Where a forwarded message comes from (Bot API, MessageOrigin)."""

from typing import Any

from tests.botapi.messages import Message


def origin_of(original: Message, *, is_hidden: bool = False) -> dict[str, Any]:
    """Return the origin of a forwarded copy: the first sender, however often it is forwarded.

    A sender may hide the account behind forwarded messages, which leaves a name.
    """
    if original.forward_origin:
        return original.forward_origin
    sender = original.sender
    if is_hidden:
        name = f"{sender.first_name} {sender.last_name}".rstrip()
        return {"type": "hidden_user", "date": original.date, "sender_user_name": name}
    return {"type": "user", "date": original.date, "sender_user": sender.to_json()}
