"""What a new generation changed, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.promotion import Judgement

__all__ = ["difference_lines"]

_MAX_NAMED = 10


def difference_lines(judgement: Judgement) -> Iterator[str]:
    """Say what changed since the generation before; nothing where there was none."""
    if judgement.against is not None:
        found = judgement.difference
        yield (
            f"since {judgement.against}: documents "
            f"+{len(found.documents_added)} ~{len(found.documents_changed)} "
            f"-{len(found.documents_removed)}, passages +{found.passages_added} "
            f"~{found.passages_changed} -{found.passages_removed}"
        )
        yield from _named("+", found.documents_added)
        yield from _named("~", found.documents_changed)
        yield from _named("-", found.documents_removed)
    if judgement.asked:
        yield f"golden questions: {judgement.right} of {judgement.asked} right"
    yield from (f"  broken: {result}" for result in judgement.broken)
    broken = set(judgement.broken)
    yield from (f"  changed: {result}" for result in judgement.changed if result not in broken)


def _named(mark: str, paths: Sequence[str]) -> Iterator[str]:
    yield from (f"  {mark} {printable(path)}" for path in paths[:_MAX_NAMED])
    if len(paths) > _MAX_NAMED:
        yield f"  {mark} and {len(paths) - _MAX_NAMED} more"
