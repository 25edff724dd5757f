"""Users of Telegram, people and bots alike."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a bot; `username`, `last_name` and `language_code` may be empty."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str = ""
    username: str = ""
    language_code: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the User object; what is empty is absent."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot}
        for name in ("first_name", "last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user
