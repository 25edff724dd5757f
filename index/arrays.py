"""Arrays on disk: one .npy file each, memory-mapped when loaded, never pickled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["load_arrays", "save_arrays"]


def save_arrays(folder: Path, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write each array to `<name>.<key>.npy`."""
    for key, array in arrays.items():
        np.save(folder / f"{name}.{key}.npy", array, allow_pickle=False)


def load_arrays(folder: Path, name: str, keys: Iterable[str]) -> dict[str, Any]:
    """Map the arrays that `save_arrays` wrote under these keys, read-only."""
    return {
        key: np.load(folder / f"{name}.{key}.npy", mmap_mode="r", allow_pickle=False)
        for key in keys
    }
