"""Many keys of the build cache in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.cache import BuildCache, cache_key
from index.cache_keys import KEY_BYTES, Keys, is_among, ranges, short

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

KEYS = [cache_key("kind", str(number)) for number in range(20)]


def test_keys_are_remembered_once() -> None:
    """In ascending order, whichever they came in."""
    keys = Keys()
    keys.add(KEYS[:12])
    keys.add(KEYS[8:])
    assert keys.distinct().tolist() == sorted(short(KEYS).tolist())
    keys.add(KEYS[:3])
    assert len(keys.distinct()) == 20


def test_a_key_lies_in_the_range_of_its_number() -> None:
    """And no other does."""
    for key, (first, last) in zip(KEYS, ranges(short(KEYS)), strict=True):
        assert len(key) == KEY_BYTES
        assert [each for each in KEYS if first <= each <= last] == [key]


def test_what_is_kept_is_among_any() -> None:
    """Of several lists, one of them empty."""
    kept = [Keys().distinct()]
    for some in (KEYS[:3], KEYS[10:12]):
        keys = Keys()
        keys.add(some)
        kept.append(keys.distinct())
    found = is_among(short(KEYS), kept)
    assert [at for at, is_kept in enumerate(found.tolist()) if is_kept] == [0, 1, 2, 10, 11]


def test_pruning_forgets_what_is_gone_and_not_kept(state_dir: Path) -> None:
    """Of those that are said to be gone; or, where nothing is said, all that is not kept."""
    with BuildCache.open(state_dir) as cache:
        cache.put(dict.fromkeys(KEYS, b"value"))
        cache.prune([_numbers(KEYS[:4])], [_numbers(KEYS[2:8])])
        assert set(cache.get(KEYS)) == {*KEYS[:4], *KEYS[8:]}
        cache.prune([_numbers(KEYS[:2]), _numbers(KEYS[15:])])
        assert set(cache.get(KEYS)) == {*KEYS[:2], *KEYS[15:]}


def _numbers(keys: list[bytes]) -> NDArray[np.uint64]:
    remembered = Keys()
    remembered.add(keys)
    return remembered.distinct()
