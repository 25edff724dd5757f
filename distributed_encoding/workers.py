"""Workers of Ray Data, on this machine or a cluster: the one module that imports ray and pyarrow.

Each worker is a process that loads the encoder once. Ray starts another in the place of one that
dies and gives its texts out again; keys and values travel as Arrow's binary columns.
"""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import ray
import ray.data
from ray.exceptions import RayError

import distributed_encoding
import index
from distributed_encoding.ahead import Done
from index.encoded import Recipes
from index.errors import EncoderError, WorkersError
from index.trained import trained_projection

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from distributed_encoding.ahead import Task
    from index.types import Encoder, EncoderIdentity

__all__ = ["RayWorkers"]

_LOST_WHILE_LOADING = 3
"""How many workers in a row may die before they can do anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RayWorkers:
    """`count` workers with `cores` cores each; a `Spread`.

    Each calls `load` for its encoder, which must be of this `identity`. `address` is that of a
    Ray cluster, as `ray.init` takes it; without one, Ray is started on this machine and ends with
    the work.
    """

    load: Callable[[], Encoder]
    identity: EncoderIdentity
    count: int
    cores: int = 1
    address: str | None = None

    def __call__(self, tasks: Sequence[Task]) -> Generator[Done]:
        """Have tasks done; give what comes back.

        Raises:
            WorkersError: Ray can't be started or reached, or a worker can't work.
        """
        try:
            with self._connected():
                yield from self._done(tasks)
        except (RayError, ConnectionError, RuntimeError, ValueError) as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise WorkersError(f"Ray's workers failed: {reason[-1]}") from error

    def _done(self, tasks: Sequence[Task]) -> Iterator[Done]:
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.max_consecutive_actor_init_deaths = _LOST_WHILE_LOADING
        encoded = ray.data.from_arrow([_table(task) for task in tasks]).map_batches(
            _Worker,
            fn_constructor_args=(self.load, self.identity),
            batch_size=None,  # as they are: a table is a task
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=self.count),
            num_cpus=self.cores,
        )
        for table in encoded.iter_batches(
            batch_size=None, batch_format="pyarrow", prefetch_batches=0
        ):
            keys, values, workers = (column.to_pylist() for column in table.columns)
            for worker in dict.fromkeys(workers):
                theirs = zip(keys, values, workers, strict=True)
                yield Done({key: value for key, value, by in theirs if by == worker}, worker)

    @contextmanager
    def _connected(self) -> Iterator[None]:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        if self.address is None:
            # A secret for this one run, so that none is left in the home folder.
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
            where: dict[str, Any] = {
                "num_cpus": self.count * self.cores,
                "include_dashboard": False,
            }
        else:
            # The other machines have the libraries, and are given this very code: what a key
            # stands for is the same everywhere.
            ours = [package.__path__[0] for package in (index, distributed_encoding)]
            where = {"runtime_env": {"py_modules": ours}}
        ray.init(self.address or "local", log_to_driver=False, logging_level="error", **where)
        try:
            yield
        finally:
            ray.shutdown()


class _Worker:
    """What runs in a worker's process."""

    def __init__(self, load: Callable[[], Encoder], identity: EncoderIdentity) -> None:
        encoder = load()
        if encoder.identity != identity:
            raise EncoderError(f"{socket.gethostname()} has {encoder.identity}, not {identity}")
        recipes = Recipes.from_encoder(encoder, trained_projection(identity))
        self._recipes = {each.kind: each for each in (recipes.passages, recipes.sentences)}
        self._name = f"{socket.gethostname()}/{os.getpid()}"

    def __call__(self, task: pa.Table) -> pa.Table:
        keys, texts, kinds = (column.to_pylist() for column in task.columns)
        (kind,) = set(kinds)
        values = self._recipes[kind].values(texts)
        return pa.table(
            {
                "key": pa.array(keys, pa.binary()),
                "value": pa.array(values, pa.large_binary()),
                "worker": [self._name] * len(keys),
            }
        )


def _table(task: Task) -> pa.Table:
    return pa.table(
        {
            "key": pa.array(task.texts.keys(), pa.binary()),
            "text": pa.array(task.texts.values(), pa.string()),
            "kind": [task.kind] * len(task.texts),
        }
    )
