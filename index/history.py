"""Which generations were live, in their order, and what a maintainer took back."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from index.durable import replace_durably

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["History", "seeds_digest"]

_FILE = "history.json"


class History(BaseModel):
    """Kept beside CURRENT, which has the last word on what is live."""

    model_config = ConfigDict(frozen=True)

    promoted: tuple[str, ...] = ()
    """The names of the generations that were made live, oldest first."""
    withheld: tuple[str, ...] = ()
    """Those that were built and did not do well enough to be made live."""
    rolled_back_from: str | None = None
    rolled_back_seeds: str | None = None
    """`seeds_digest` of the documents as they were at the rollback."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the history in a folder; an empty one where it is missing or damaged."""
        try:
            return cls.model_validate_json((folder / _FILE).read_bytes())
        except (OSError, ValidationError):
            return cls()

    def save(self, folder: Path) -> None:
        """Put it in the place of the one before, in one step."""
        replace_durably(folder / _FILE, self.model_dump_json(indent=2).encode())

    def with_promoted(self, name: str, *, after: str | None) -> History:
        """Return the history after a promotion; what was rolled back before is out of it."""
        known = self.promoted
        kept = known[: known.index(after) + 1] if after in known else known
        return History(
            promoted=(*(each for each in kept if each != name), name), withheld=self.withheld
        )

    def without(self, dropped: set[str]) -> History:
        """Return the history without generations that are no longer there."""
        return self.model_copy(
            update={
                "promoted": tuple(name for name in self.promoted if name not in dropped),
                "withheld": tuple(name for name in self.withheld if name not in dropped),
            }
        )


def seeds_digest(fingerprints: Mapping[str, str]) -> str:
    """Return one SHA-256 for the state of all documents."""
    return hashlib.sha256(json.dumps(sorted(fingerprints.items())).encode()).hexdigest()
