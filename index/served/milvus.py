"""Collections of rows on Milvus: the one module that imports pymilvus.

What the engine is asked for is bounded in time and number; what goes wrong becomes one of our own
errors. After a failure the next calls fail at once for a moment, so that many who wait don't wait
one after another; the connection mends itself.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar
from urllib.parse import urlsplit

import grpc
from pymilvus import DataType, Function, FunctionType, MilvusClient
from pymilvus.exceptions import ErrorCode, MilvusException

from index.errors import EngineGoneError, EngineRefusedError, EngineUnavailableError
from index.served.layout import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from index.served.layout import Column
    from index.types import Vectors

__all__ = ["Milvus", "Row"]

_T = TypeVar("_T")
Row: TypeAlias = dict[str, Any]

_SPARED_S = 1.0
_BUILDING_S = 600.0
_CONNECT_FAILED = 2
_NOT_LOADED = 101
_MOST_ROWS = 16384  # that one query gives
_EXACT_UP_TO = 50_000  # vectors, as in `index.searches`
_GRAPH = {"M": 32, "efConstruction": 200}
_WIDTH = 256
_MAX_CHARS = 65535
_K1, _B = 1.2, 0.75
# Servers end a connection that pings them as often as the library would; each call has its limit.
_QUIET = {"grpc.keepalive_time_ms": 600_000, "grpc.keepalive_permit_without_calls": 0}

# It would log whole tracebacks of what is raised, and handled, here.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)


class Milvus:
    """A connection to an engine, made when it is first needed; threads may share it."""

    def __init__(self, url: str, *, token: str | None = None, timeout_s: float = 5.0) -> None:
        self._url = url
        self._token = token
        self._timeout_s = timeout_s
        self._client: MilvusClient | None = None
        self._connecting = threading.Lock()
        self._spared_until = 0.0
        self._reason = ""
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="engine")

    @property
    def address(self) -> str:
        """Where the engine is, without what lets one in."""
        parts = urlsplit(self._url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

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
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.close()

    def together(self, *calls: Callable[[], _T]) -> list[_T]:
        """Return what the calls return, made at the same time."""
        return [each.result() for each in [self._pool.submit(call) for call in calls]]

    def collections(self) -> list[str]:
        """Return the names of all collections.

        Raises:
            EngineError: as do all of these methods.
        """
        return list(self._ask(lambda client, s: client.list_collections(timeout=s)))

    def create(self, name: str, columns: Sequence[Column], *, dimension: int, rows: int) -> None:
        """Make a collection for about so many rows; vectors are found by inner product."""
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        indexes = MilvusClient.prepare_index_params()
        exact = {"index_type": "FLAT"}
        graph = {"index_type": "HNSW", "params": _GRAPH}
        for column in columns:
            is_key = column is columns[0]
            if column.kind is Kind.NUMBER:
                schema.add_field(column.name, DataType.INT64, is_primary=is_key)
            elif column.kind is Kind.VECTOR:
                schema.add_field(column.name, DataType.FLOAT_VECTOR, dim=dimension)
                how: dict[str, Any] = exact if rows <= _EXACT_UP_TO else graph
                indexes.add_index(column.name, metric_type="IP", **how)
            elif column.kind is Kind.TEXT:
                chars = {"max_length": _MAX_CHARS}
                schema.add_field(column.name, DataType.VARCHAR, is_primary=is_key, **chars)
            else:
                _add_terms(schema, indexes, column.name)
        self._ask(
            lambda client, s: client.create_collection(
                name, schema=schema, index_params=indexes, timeout=s
            ),
            _BUILDING_S,
        )

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
            )
        )

    def by_key(self, name: str, keys: Sequence[str | int], columns: Sequence[str]) -> list[Row]:
        """Return the rows that have these keys, in no order."""
        if not keys:
            return []
        return list(
            self._ask_of(
                name,
                lambda client, s: client.get(
                    name, ids=list(keys), output_fields=list(columns), timeout=s
                ),
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

    def _ask_of(
        self,
        name: str,
        call: Callable[[MilvusClient, float], _T],
        timeout_s: float | None = None,
    ) -> _T:
        """Ask a collection, which an engine that has just started may have to load first."""
        try:
            return self._ask(call, timeout_s)
        except EngineRefusedError as error:
            if getattr(error.__cause__, "code", None) != _NOT_LOADED:
                raise
        self._ask(lambda client, s: client.load_collection(name, timeout=s), timeout_s)
        return self._ask(call, timeout_s)

    def _ask(
        self, call: Callable[[MilvusClient, float], _T], timeout_s: float | None = None
    ) -> _T:
        if time.monotonic() < self._spared_until:
            raise EngineUnavailableError(self.address, self._reason)
        limit_s = timeout_s or self._timeout_s
        try:
            return call(self._connected(), limit_s)
        except grpc.RpcError as error:
            raise self._failed(error.code(), limit_s) from error
        except MilvusException as error:
            if isinstance(error.code, grpc.StatusCode):
                raise self._failed(error.code, limit_s) from error
            if error.code == _CONNECT_FAILED:
                raise self._unavailable("can't be reached") from error
            reason = " ".join(error.message.split())[:200]
            if error.code == ErrorCode.COLLECTION_NOT_FOUND:
                raise EngineGoneError(self.address, reason) from error
            raise EngineRefusedError(self.address, reason) from error

    def _connected(self) -> MilvusClient:
        with self._connecting:
            if self._client is None:
                self._client = MilvusClient(
                    self._url,
                    token=self._token or "",
                    timeout=self._timeout_s,
                    dedicated=True,
                    grpc_options=_QUIET,
                )
            return self._client

    def _failed(self, code: object, limit_s: float) -> Exception:
        if code is grpc.StatusCode.DEADLINE_EXCEEDED:
            return self._unavailable(f"did not answer within {limit_s:g} s")
        if code in {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}:
            return EngineRefusedError(self.address, "INDEX_TOKEN doesn't let us in")
        return self._unavailable("can't be reached")

    def _unavailable(self, reason: str) -> EngineUnavailableError:
        self._reason = reason
        self._spared_until = time.monotonic() + _SPARED_S
        return EngineUnavailableError(self.address, reason)


def _add_terms(schema: Any, indexes: Any, name: str) -> None:
    """Add a column of words, which any analyser leaves as they are, and its BM25."""
    schema.add_field(
        name,
        DataType.VARCHAR,
        max_length=_MAX_CHARS,
        enable_analyzer=True,
        analyzer_params={"tokenizer": "standard"},
    )
    scored = f"{name}_bm25"
    schema.add_field(scored, DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        Function(
            name=scored,
            function_type=FunctionType.BM25,
            input_field_names=[name],
            output_field_names=[scored],
        )
    )
    indexes.add_index(
        scored,
        index_type="SPARSE_INVERTED_INDEX",
        metric_type="BM25",
        params={"bm25_k1": _K1, "bm25_b": _B},
    )


def _row(hit: Any) -> Row:
    return dict(hit["entity"])
