"""Whether the live generation is what a build would make now, and if not, in what it differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.documents import EXTRACTION_VERSION
from index.errors import CorpusError, GenerationError, NoGenerationError, printable
from index.generations import Generations
from index.history import seeds_digest
from index.seeds import fingerprints_of
from index.stamps import Stamps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from index.types import EncoderIdentity

__all__ = ["Staleness", "staleness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """Why a build would make something else; no reasons when it would not.

    `rolled_back_from` is the generation that a maintainer took back, as long as the documents
    stay as they were then: nothing should be built over that of itself.
    """

    reasons: tuple[str, ...]
    rolled_back_from: str | None = None

    @property
    def needs_build(self) -> bool:
        """Whether to build without being asked to."""
        return bool(self.reasons) and self.rolled_back_from is None


def staleness(seeds_dir: Path, state_dir: Path, encoder: EncoderIdentity) -> Staleness:
    """Compare the live generation with the documents and the encoder."""
    generations = Generations(state_dir)
    try:
        manifest = generations.manifest()
    except NoGenerationError:
        return Staleness(reasons=("nothing has been built yet",))
    except GenerationError as error:
        return Staleness(reasons=(str(error),))
    reasons = []
    if manifest.encoder != encoder:
        reasons.append(f"the encoder was {manifest.encoder}, it is now {encoder}")
    if manifest.extraction != EXTRACTION_VERSION:
        reasons.append("files are read in another way than they were")
    try:
        now = fingerprints_of(seeds_dir, Stamps.load(state_dir))
    except CorpusError as error:
        return Staleness(reasons=(*reasons, str(error)))
    reasons += _changes(manifest.seeds, now)
    history = generations.history()
    is_rolled_back = history.rolled_back_from not in {
        None,
        manifest.generation,
    } and history.rolled_back_seeds == seeds_digest(now)
    return Staleness(
        reasons=tuple(reasons),
        rolled_back_from=history.rolled_back_from if is_rolled_back else None,
    )


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    if before == now:
        return []
    changes = {
        "new": now.keys() - before.keys(),
        "gone": before.keys() - now.keys(),
        "changed": {name for name in now.keys() & before.keys() if now[name] != before[name]},
    }
    return [
        f"{printable(name)} is {how}" for how, names in changes.items() for name in sorted(names)
    ]
