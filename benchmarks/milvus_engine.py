"""Is a server up to it? Rows, searches, changes, and a kill -9 in the midst of writing.

Vectors are 384 random directions around 500 centres, texts are 60 words whose frequencies follow
Zipf's law, so that the commonest stands in nearly every text: harder than real ones, which come
without stop words.
"""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from pymilvus import AnnSearchRequest, MilvusClient, RRFRanker
from pymilvus.exceptions import MilvusException

from index.served.engine import Engine
from index.served.layout import Column, Kind, as_words
from tests.served.serving import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["measure_engine"]

_NAME = "rows"
_DIMENSION = 384
_COLUMNS = (
    Column(name="row", kind=Kind.NUMBER),
    Column(name="document", kind=Kind.NUMBER),
    Column(name="terms", kind=Kind.TERMS),
    Column(name="body", kind=Kind.TEXT),
    Column(name="vector", kind=Kind.VECTOR),
)
_BATCH = 1000
_TIMES = 60
_BEST = 40
_KILL_AFTER_S = 1.0
_ROUNDS = 3
_MB = 1_000_000


class _Rows:
    """Rows made up from a number, always the same."""

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(0)
        centres = rng.standard_normal((500, _DIMENSION), np.float32)
        vectors = centres[rng.integers(0, 500, count)] + rng.standard_normal(
            (count, _DIMENSION), np.float32
        )
        self.vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self.words = np.minimum(rng.zipf(1.15, size=(count, 60)), 60_000)
        near = self.vectors[rng.integers(0, count, _TIMES)]
        near = near + rng.standard_normal(near.shape, np.float32) * 0.05
        self.asked = near / np.linalg.norm(near, axis=1, keepdims=True)
        self.texts = [self.text(int(at))[: 8 * 10] for at in rng.integers(0, count, _TIMES)]

    def __len__(self) -> int:
        return len(self.vectors)

    def text(self, at: int) -> str:
        return as_words(self.words[at].tolist())

    def row(self, number: int) -> dict[str, Any]:
        at = number % len(self)
        return {
            "row": number,
            "document": at // 20,
            "terms": self.text(at),
            "body": "p" * 3000,
            "vector": self.vectors[at],
        }


def measure_engine(count: int) -> None:
    """Print what a server takes for so many rows."""
    rows = _Rows(count)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "milvus")
        server.start()
        try:
            with Engine(server.url, timeout_s=120) as engine:
                _fill(server, engine, rows)
                _ask(engine, MilvusClient(server.url), rows)
            for _ in range(_ROUNDS):
                _kill(server, rows)
        finally:
            server.kill()


def _fill(server: Server, engine: Engine, rows: _Rows) -> None:
    engine.create(_NAME, _COLUMNS, dimension=_DIMENSION, rows=0)  # vectors are compared exactly
    began = perf_counter()
    for start in range(0, len(rows), _BATCH):
        engine.insert(_NAME, [rows.row(at) for at in range(len(rows))[start : start + _BATCH]])
    engine.settle(_NAME)
    size = sum(path.stat().st_size for path in server.folder.rglob("*") if path.is_file())
    seconds = perf_counter() - began
    print(f"{engine.count(_NAME):,} rows in {seconds:.0f} s, {size / _MB:,.0f} MB on disk")


def _ask(engine: Engine, client: MilvusClient, rows: _Rows) -> None:
    def dense(at: int, where: str = "") -> list[int]:
        found = engine.nearest(
            _NAME, "vector", rows.asked[at : at + 1], _BEST, where=where, columns=["row"]
        )
        return [int(each["row"]) for each in found[0]]

    def words(at: int, where: str = "") -> None:
        engine.nearest(_NAME, "terms", [rows.texts[at]], _BEST, where=where)

    def hybrid(at: int) -> None:
        both = [
            AnnSearchRequest([rows.asked[at].tolist()], "vector", {"metric_type": "IP"}, _BEST),
            AnnSearchRequest([rows.texts[at]], "terms_bm25", {"metric_type": "BM25"}, _BEST),
        ]
        client.hybrid_search(_NAME, both, RRFRanker(60), limit=_BEST)

    few = np.random.default_rng(1).integers(0, len(rows), (_TIMES, 100))
    _print("dense", dense)
    _print("BM25", words)
    _print("hybrid", hybrid)
    _print("dense, three documents", lambda at: dense(at, f"document in [{at}, {at + 7}, 99]"))
    _print("BM25, a fifth", lambda at: words(at, f"document < {len(rows) // 100}"))
    _print("100 rows by key", lambda at: engine.by_key(_NAME, few[at].tolist(), ["body"]))
    best = [_recall(dense(at), rows.vectors @ rows.asked[at]) for at in range(20)]
    print(f"{'recall@10 of dense':<26}{np.mean(best):>9.3f}")
    _print("upsert of 10", lambda at: client.upsert(_NAME, list(map(rows.row, _run(at, 10)))))
    _print("delete of 5", lambda at: client.delete(_NAME, ids=list(_run(at, 5))))
    left = engine.rows(_NAME, f"row < {_TIMES * 5 + 10}", ["row"])
    print(f"{'of 10 left, are there':<26}{len(left):>9}")


def _run(at: int, length: int) -> range:
    return range(at * length, (at + 1) * length)


def _recall(found: list[int], scores: NDArray[np.float32]) -> float:
    return len(set(found[:10]) & set(np.argsort(-scores)[:10].tolist())) / 10


def _print(name: str, ask: Callable[[int], object]) -> None:
    times = []
    for at in range(_TIMES):
        began = perf_counter()
        ask(at)
        times.append(1000 * (perf_counter() - began))
    first, rest = times[0], times[1:]
    p50, p99 = np.percentile(rest, [50, 99])
    print(f"{name:<26}{p50:>9.1f}{p99:>9.1f} ms   first {first:.0f} ms", flush=True)


def _kill(server: Server, rows: _Rows) -> None:
    """Kill the server while it is written to, start it, and count what it had acknowledged."""
    base = int.from_bytes(os.urandom(4)) + len(rows)
    kept: list[int] = []
    with Engine(server.url, timeout_s=120) as engine:
        engine.count(_NAME)
        client = MilvusClient(server.url)
        timer = threading.Timer(_KILL_AFTER_S, server.kill)
        timer.start()
        try:
            for start in range(base, base + 1_000_000, 50):
                numbers = list(range(start, start + 50))
                client.insert(_NAME, [rows.row(each) for each in numbers], timeout=30)
                kept += numbers
        except MilvusException:
            timer.join()
    server.start()
    with Engine(server.url, timeout_s=120) as engine:
        found = {
            int(each["row"])
            for start in range(0, len(kept), _BATCH)
            for each in engine.by_key(_NAME, kept[start : start + _BATCH], ["row"])
        }
    print(f"killed: {len(kept)} acknowledged, {len(set(kept) - found)} missing", flush=True)
