"""What a build can go on from: the generation that is live, as far as it is still of use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from index.assembling import Before
from index.assembly import Assembly
from index.errors import GenerationError
from index.generation import Generation
from index.resemblance import Links

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.generations import Generations
    from index.segment import Segment
    from index.tokens import Projection

__all__ = ["Past"]


@dataclass(frozen=True, kw_only=True)
class Past:
    """The live generation, None where there is none that is whole.

    `before` is there where its segments can be a part of the next one: then `segments` are the
    checksums of their manifests.
    """

    live: Generation | None
    before: Before | None
    segments: Mapping[str, str]

    @classmethod
    def nothing(cls) -> Self:
        """Begin anew."""
        return cls(live=None, before=None, segments={})

    @classmethod
    def of(cls, generations: Generations, recipe: str) -> Self:
        """Look at what is live; it can be gone on from if it follows from this recipe."""
        try:
            manifest = generations.manifest()
            generations.check(manifest)
            folder = generations.folder_of(manifest.generation)
            live = Generation.load(folder, name=manifest.generation)
            links = Links.load(folder, "links")
        except (GenerationError, OSError, ValueError):
            return cls.nothing()
        is_alike = manifest.recipe == recipe != ""
        before = Before(assembly=live.assembly, links=links) if is_alike else None
        return cls(live=live, before=before, segments=manifest.segments)

    @property
    def assembly(self) -> Assembly | None:
        """What of it may be taken."""
        return self.before.assembly if self.before is not None else None

    @property
    def projection(self) -> Projection | None:
        """How its words' vectors were made smaller, if they may be taken."""
        return self.live.projection if self.live is not None and self.before is not None else None

    def with_made(
        self, placed: Sequence[tuple[int, int] | None], made: Segment | None
    ) -> Assembly:
        """Put documents together: those at their places in this one's segments, and those made.

        Where a document has no place it is the next one of the segment that was made.
        """
        old = self.assembly.segments if self.assembly is not None else ()
        used = sorted({at[0] for at in placed if at is not None})
        number_of = {number: place for place, number in enumerate(used)}
        segments = [old[number] for number in used]
        segment = np.empty(len(placed), np.int32)
        row = np.empty(len(placed), np.int64)
        next_made = 0
        for at, place in enumerate(placed):
            if place is None:
                segment[at], row[at] = len(used), next_made
                next_made += 1
            else:
                segment[at], row[at] = number_of[place[0]], place[1]
        return Assembly.of([*segments, *([made] if made is not None else [])], segment, row)
