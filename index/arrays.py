"""Arrays on disk: one .npy file each, memory-mapped when loaded, never pickled."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["ArrayStore", "load_arrays", "save_arrays"]


class ArrayStore:
    """What a dataclass whose fields are all arrays inherits: to be saved, and mapped again."""

    __slots__ = ()

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Map what `save` wrote, read-only."""
        return cls(**load_arrays(folder, name, _fields_of(cls)))

    def save(self, folder: Path, name: str) -> None:
        """Write each field to `<name>.<field>.npy`."""
        save_arrays(folder, name, {field: getattr(self, field) for field in _fields_of(self)})


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


def _fields_of(store: Any) -> list[str]:
    return [field.name for field in fields(store)]
