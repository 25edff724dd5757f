"""Many keys of the build cache, in little memory: the first eight bytes of each, as a number.

Two keys that begin alike are taken for one: then a value is kept that nobody needs, no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["KEY_BYTES", "Keys", "is_among", "ranges", "short"]

KEY_BYTES = 16

_SHORT_BYTES = 8
_AT_ONCE = 1 << 21


class Keys:
    """Keys that come a few at a time."""

    def __init__(self) -> None:
        self._distinct = np.zeros(0, np.uint64)
        self._more: list[NDArray[np.uint64]] = []
        self._count = 0

    def add(self, keys: Collection[bytes]) -> None:
        """Remember these keys, each `KEY_BYTES` long."""
        self._more.append(short(keys))
        self._count += len(keys)
        if self._count > _AT_ONCE:
            self.distinct()

    def distinct(self) -> NDArray[np.uint64]:
        """Return what was remembered, ascending."""
        self._distinct = np.unique(np.concatenate([self._distinct, *self._more]))
        self._more.clear()
        self._count = 0
        return self._distinct


def short(keys: Collection[bytes]) -> NDArray[np.uint64]:
    """Return the number that stands for each key; they are in the order of the keys."""
    both = np.frombuffer(b"".join(keys), ">u8").reshape(-1, KEY_BYTES // _SHORT_BYTES)
    return both[:, 0].astype(np.uint64)


def is_among(keys: NDArray[np.uint64], kept: Sequence[NDArray[np.uint64]]) -> NDArray[np.bool_]:
    """Return which keys are among some that are kept, each of these ascending."""
    found = np.zeros(len(keys), bool)
    for each in kept:
        if len(each):
            found |= each[np.minimum(np.searchsorted(each, keys), len(each) - 1)] == keys
    return found


def ranges(keys: NDArray[np.uint64]) -> Iterator[tuple[bytes, bytes]]:
    """Give the first and the last key that each number stands for."""
    rest = KEY_BYTES - _SHORT_BYTES
    for key in keys.tolist():
        first = key.to_bytes(_SHORT_BYTES, "big")
        yield first + bytes(rest), first + b"\xff" * rest
