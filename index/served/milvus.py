"""A connection to Milvus: the one module that imports pymilvus.

What the engine is asked for is bounded in time; what goes wrong becomes one of our own errors.
After a failure the next calls fail at once for a moment, so that many who wait don't wait one
after another; the connection mends itself.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import grpc
from pymilvus import DataType, Function, FunctionType, MilvusClient
from pymilvus.exceptions import ErrorCode, MilvusException

from index.errors import EngineGoneError, EngineRefusedError, EngineUnavailableError
from index.served.layout import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.served.layout import Column

__all__ = ["Connection", "schema_of"]

_T = TypeVar("_T")

_SPARED_S = 1.0
_CONNECT_FAILED = 2
_NOT_LOADED = 101
_GRAPH = {"M": 32, "efConstruction": 200}
_MAX_CHARS = 65535
_K1, _B = 1.2, 0.75
# Servers end a connection that pings them as often as the library would; each call has its limit.
_QUIET = {"grpc.keepalive_time_ms": 600_000, "grpc.keepalive_permit_without_calls": 0}

# It would log whole tracebacks of what is raised, and handled, here.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)


class Connection:
    """A connection to a server, made when it is first needed; threads may share it."""

    def __init__(self, url: str, *, token: str | None, timeout_s: float) -> None:
        self._url = url
        self._token = token
        self._timeout_s = timeout_s
        self._client: MilvusClient | None = None
        self._connecting = threading.Lock()
        self._spared_until = 0.0
        self._reason = ""

    @property
    def address(self) -> str:
        """Where the engine is, without what lets one in."""
        parts = urlsplit(self._url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.close()

    def ask_of(
        self,
        name: str,
        call: Callable[[MilvusClient, float], _T],
        timeout_s: float | None = None,
        *,
        is_private: bool = False,
    ) -> _T:
        """Ask a collection, which an engine that has just started may have to load first."""
        try:
            return self.ask(call, timeout_s, is_private=is_private)
        except EngineRefusedError as error:
            if error.code != _NOT_LOADED:
                raise
        self.ask(lambda client, s: client.load_collection(name, timeout=s), timeout_s)
        return self.ask(call, timeout_s, is_private=is_private)

    def ask(
        self,
        call: Callable[[MilvusClient, float], _T],
        timeout_s: float | None = None,
        *,
        is_private: bool = False,
    ) -> _T:
        """Return what a call with the client gives, which is told how long it may take.

        What the server says of a call that `is_private` is not repeated: with a filter it would
        be words of somebody's question, and errors are logged.

        Raises:
            EngineUnavailableError: there is no answer, or none in time.
            EngineGoneError: the collection is not there.
            EngineRefusedError: anything else that the server says.
        """
        if time.monotonic() < self._spared_until:
            raise EngineUnavailableError(self.address, self._reason)
        limit_s = timeout_s or self._timeout_s
        try:
            return call(self._connected(), limit_s)
        except grpc.RpcError as error:
            raise self._failed(error.code(), limit_s) from None
        except MilvusException as error:
            if isinstance(error.code, grpc.StatusCode):
                raise self._failed(error.code, limit_s) from None
            if error.code == _CONNECT_FAILED:
                raise self._unavailable("can't be reached") from None
            if error.code == ErrorCode.COLLECTION_NOT_FOUND:
                raise EngineGoneError(self.address, "what was asked for") from None
            said = " ".join(error.message.split())[:200]
            reason = f"error {error.code}" if is_private else said
            raise EngineRefusedError(self.address, reason, code=error.code) from None

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


def schema_of(columns: Sequence[Column], *, dimension: int, is_exact: bool) -> tuple[Any, Any]:
    """Return the schema of a collection of these columns, the key first, and its indexes.

    Vectors are all compared where that is to be exact, and else found by a graph (HNSW).
    """
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
            how: dict[str, Any] = exact if is_exact else graph
            indexes.add_index(column.name, metric_type="IP", **how)
        elif column.kind is Kind.TEXT:
            chars = {"max_length": _MAX_CHARS}
            schema.add_field(column.name, DataType.VARCHAR, is_primary=is_key, **chars)
        else:
            _add_terms(schema, indexes, column.name)
    return schema, indexes


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
