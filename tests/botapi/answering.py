"""What a method's answer is made of."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ok:
    """A call's result, with the description that some methods add."""

    result: Any
    description: str = ""

    def envelope(self) -> dict[str, Any]:
        """Return the JSON object that answers the call."""
        answer = {"ok": True, "result": self.result}
        return answer | {"description": self.description} if self.description else answer
