"""Collections of rows on a distributed engine, as much of it as a generation needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from index.errors import EngineGoneError, EngineRefusedError
from index.served.milvus import Connection, schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from index.served.layout import Column
    from index.types import Vectors

__all__ = ["Engine", "Row"]

Row: TypeAlias = dict[str, Any]

_BUILDING_S = 600.0
_MOST_ROWS = 16384  # that one query gives
_EXACT_UP_TO = 50_000  # vectors, as in `index.searches`
_WIDTH = 256


class Engine:
    """An engine; it is reached for when it is first needed, and threads may share it."""

    def __init__(self, url: str, *, token: str | None = None, timeout_s: float = 5.0) -> None:
        self._connection = Connection(url, token=token, timeout_s=timeout_s)
        self._ask, self._ask_of = self._connection.ask, self._connection.ask_of

    @property
    def address(self) -> str:
        """Where the engine is, without what lets one in."""
        return self._connection.address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def collections(self) -> list[str]:
        """Return the names of all collections.

        Raises:
            EngineError: as do all of these methods.
        """
        return list(self._ask(lambda client, s: client.list_collections(timeout=s)))

    def create(self, name: str, columns: Sequence[Column], *, dimension: int, rows: int) -> None:
        """Make a collection for about so many rows; vectors are found by inner product."""
        schema, indexes = schema_of(columns, dimension=dimension, is_exact=rows <= _EXACT_UP_TO)
        self._ask(
            lambda client, s: client.create_collection(name, schema=schema, timeout=s), _BUILDING_S
        )
        # To wait for an index would take the library half a second each, and there is no row yet.
        self._ask(
            lambda client, s: client.create_index(name, indexes, timeout=s, sync=False),
            _BUILDING_S,
        )
        self._ask(lambda client, s: client.load_collection(name, timeout=s), _BUILDING_S)

    def insert(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows; when this returns they survive whatever happens to the engine."""
        self._ask(lambda client, s: client.insert(name, list(rows), timeout=s), _BUILDING_S)

    def settle(self, name: str) -> None:
        """Have all that was added written out, and ready to be searched."""
        self._ask(lambda client, s: client.flush(name, timeout=s), _BUILDING_S)
        self._ask(lambda client, s: client.load_collection(name, timeout=s), _BUILDING_S)

    def count(self, name: str) -> int:
        """Return how many rows a collection has, all that were added counted."""
        found = self._ask_of(
            name,
            lambda client, s: client.query(
                name, filter="", output_fields=["count(*)"], consistency_level="Strong", timeout=s
            ),
            _BUILDING_S,
        )
        return int(found[0]["count(*)"])

    def drop(self, name: str) -> None:
        """Take a collection away, with what points at it."""
        self._ask(lambda client, s: client.drop_collection(name, timeout=s), _BUILDING_S)

    def rows(
        self, name: str, where: str, columns: Sequence[str], *, most: int = _MOST_ROWS
    ) -> list[Row]:
        """Return rows that fit an expression, in no order."""
        return list(
            self._ask_of(
                name,
                lambda client, s: client.query(
                    name, filter=where, output_fields=list(columns), limit=most, timeout=s
                ),
                is_private=True,
            )
        )

    def by_key(
        self,
        name: str,
        keys: Sequence[str | int],
        columns: Sequence[str],
        *,
        is_fresh: bool = False,
    ) -> list[Row]:
        """Return the rows that have these keys, in no order.

        In a cluster what was added in the last seconds may be missing, unless it `is_fresh`.
        """
        if not keys:
            return []
        level = {"consistency_level": "Strong"} if is_fresh else {}
        return list(
            self._ask_of(
                name,
                lambda client, s: client.get(
                    name, ids=list(keys), output_fields=list(columns), timeout=s, **level
                ),
                is_private=True,
            )
        )

    def nearest(
        self,
        name: str,
        column: str,
        asked: Vectors | Sequence[str],
        k: int,
        *,
        where: str = "",
        columns: Sequence[str] = (),
        timeout_s: float | None = None,
    ) -> list[list[Row]]:
        """Return the `k` best rows for each vector or, in a column of terms, each text.

        A row has the `columns`; the best comes first.
        """
        is_terms = not hasattr(asked, "shape")
        params = {} if is_terms else {"ef": max(_WIDTH, k)}
        found = self._ask_of(
            name,
            lambda client, s: client.search(
                name,
                list(asked),
                anns_field=f"{column}_bm25" if is_terms else column,
                limit=k,
                filter=where,
                output_fields=list(columns),
                search_params={"metric_type": "BM25" if is_terms else "IP", "params": params},
                timeout=s,
            ),
            timeout_s,
            is_private=True,
        )
        return [[_row(hit) for hit in hits] for hits in found]

    def pointed_at(self, alias: str) -> str | None:
        """Return the collection that an alias stands for, None where it stands for none."""
        try:
            found = self._ask(lambda client, s: client.describe_alias(alias, timeout=s))
        except (EngineGoneError, EngineRefusedError):  # how it is said differs by version
            names = self._ask(lambda client, s: client.list_aliases(timeout=s))["aliases"]
            if alias in names:
                raise
            return None
        return str(found.get("collection_name") or found.get("collection"))

    def point(self, alias: str, name: str) -> None:
        """Let an alias stand for a collection, in one step."""
        if self.pointed_at(alias) is None:
            self._ask(lambda client, s: client.create_alias(name, alias, timeout=s))
        else:
            self._ask(lambda client, s: client.alter_alias(name, alias, timeout=s))


def _row(hit: Any) -> Row:
    return dict(hit["entity"])
