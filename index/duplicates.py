"""Passages that say the same in nearly the same words: the one module that imports datasketch.

A wire story stands in two papers, slightly edited. MinHash signatures of the passages' word
triples are cut into bands; passages that share a band are compared word for word
(`index.resemblance`). Source: Broder,
"On the resemblance and containment of documents", 1997; Leskovec et al., "Mining of Massive
Datasets", chapter 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from datasketch import MinHash

from index.cache import cache_key
from index.packing import pack, unpack
from index.text import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.cache import BuildCache

__all__ = ["bands_of", "is_near"]

_PERMUTATIONS = 63
_BANDS = 21  # of three values each: 94 in a hundred pairs of resemblance 0.5 share one
_LEAST_RESEMBLANCE = 0.5
_LEAST_WORDS = 12  # of shorter texts one word may be all that matters: they must be equal
_SHINGLE = 3
_TURNING = frozenset(
    """
    no not never none nobody nothing without one two three four five six seven eight nine ten
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty
    fifty sixty seventy eighty ninety hundred thousand million billion dozen half
    """.split()
)
_DTYPE = np.dtype(np.uint64)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_BLANK = MinHash(num_perm=_PERMUTATIONS, seed=1)  # to draw the permutations takes its time


def bands_of(texts: Sequence[str], cache: BuildCache | None = None) -> NDArray[np.uint64]:
    """Return the bands of each text, `(len(texts), bands)`-shaped.

    Near-duplicates most likely have a band in common, others rarely.
    """
    keys = [cache_key("minhash", text) for text in texts]
    known = cache.get(keys) if cache is not None else {}
    signatures = np.empty((len(texts), _PERMUTATIONS), _DTYPE)
    fresh: dict[bytes, bytes] = {}
    for row, (key, text) in enumerate(zip(keys, texts, strict=True)):
        signature = _stored(known.get(key))
        if signature is None:
            signature = _signature(text)
            fresh[key] = pack([signature])
        signatures[row] = signature
    if cache is not None and fresh:
        cache.put(fresh)
    return _bands(signatures)


def _bands(signatures: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one number for the values of each band; no two bands have one in common."""
    values = signatures.reshape(len(signatures), _BANDS, _PERMUTATIONS // _BANDS)
    mixed = np.broadcast_to(np.arange(1, _BANDS + 1, dtype=_DTYPE), values.shape[:2])
    for at in range(values.shape[2]):
        mixed = (mixed ^ values[:, :, at]) * _MULTIPLIER  # as FNV does
        mixed ^= mixed >> np.uint64(32)
    return mixed


def _signature(text: str) -> NDArray[np.uint64]:
    minhash = _BLANK.copy()
    minhash.update_batch([" ".join(shingle).encode() for shingle in _shingles(text)])
    return np.asarray(minhash.hashvalues, _DTYPE)


def _stored(data: bytes | None) -> NDArray[np.uint64] | None:
    if data is None:
        return None
    try:
        (signature,) = unpack(data, [_DTYPE])
    except ValueError:
        return None
    return signature if signature.shape == (_PERMUTATIONS,) else None


def is_near(one: str, other: str) -> bool:
    """Whether two texts share most of their word triples and all of their numbers.

    Two notices that differ in a date are no near-duplicates.
    """
    ours, theirs = words(one), words(other)
    if ours == theirs:
        return bool(ours) or one == other  # of marks alone there are no words to compare
    if min(len(ours), len(theirs)) < _LEAST_WORDS or _turning_words(ours) != _turning_words(
        theirs
    ):
        return False
    mine, its = _shingles(one), _shingles(other)
    return len(mine & its) >= _LEAST_RESEMBLANCE * len(mine | its)


def _turning_words(found: Sequence[str]) -> set[str]:
    """Return the words that may turn a fact into another: numbers, and English negations."""
    return {word for word in found if any(map(str.isdigit, word)) or word in _TURNING}


def _shingles(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    if len(found) < _SHINGLE:
        return {tuple(found)}
    return set(zip(found, found[1:], found[2:], strict=False))
