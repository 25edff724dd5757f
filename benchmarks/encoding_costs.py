"""What encoding costs a core, and what everything around it does: docs/scaling.md reasons from it.

    OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.encoding_costs [--state DIR] [--texts N]

Prints, in processor time: a passage and a sentence within ONNX Runtime, with the floating-point
operations that the model's shape asks for; what our own code takes beside it; what the cache takes
for each text; and what reading, splitting and analysing documents takes, which is for whoever
gives out the work. One thread; documents are put together from `index.sample`.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from onnxruntime import InferenceSession

from distributed_encoding.ahead import encode_ahead
from index.cache import BuildCache
from index.cache_keys import KEY_BYTES
from index.encoded import Recipes
from index.encoders import choose_encoder
from index.models import DEFAULT_ENCODER
from index.sample import SAMPLE
from index.trained import trained_projection

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from distributed_encoding.ahead import Done, Task
    from index.encoded import Recipe
    from index.types import Encoder

_LAYERS, _WIDE, _WITHIN = 6, 384, 1536  # all-MiniLM-L6-v2
_SENTENCES, _PARAGRAPHS, _DOCUMENTS = 5, 2, 500


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--state", type=Path, default=Path(".verbatim"))
    parser.add_argument("--texts", type=int, default=256)
    options = parser.parse_args()
    encoder = choose_encoder(DEFAULT_ENCODER, options.state, say=print, threads=1).encoder
    recipes = Recipes.from_encoder(encoder, trained_projection(encoder.identity))
    chance = random.Random(0)
    passages = [_paragraph(chance) for _ in range(options.texts)]
    values = _encode("passage", passages, recipes.passages, encoder)
    _encode("sentence", [chance.choice(SAMPLE) for _ in passages], recipes.sentences, encoder)
    with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
        with BuildCache.open(Path(folder)) as cache:
            started = process_time()
            cache.put({at.to_bytes(KEY_BYTES, "big"): value for at, value in enumerate(values)})
            print(f"the cache: {1000 * (process_time() - started) / len(values):.3f} ms a text")
        _prepare(Path(folder), encoder, chance)


def _encode(what: str, texts: Sequence[str], recipe: Recipe, encoder: Encoder) -> list[bytes]:
    run, within = InferenceSession.run, [0.0]

    def timed(*arguments: Any) -> Any:
        started = process_time()
        found = run(*arguments)
        within[0] += process_time() - started
        return found

    recipe.values(texts[:8])
    with patch.object(InferenceSession, "run", timed):
        started = process_time()
        values = recipe.values(texts)
        took = process_time() - started
    counts = encoder.count_tokens(texts)
    flop = sum(_flop(count) for count in counts)
    per_text = 1000 / len(texts)
    print(
        f"a {what} of {sum(counts) / len(texts):.0f} tokens: {within[0] * per_text:.2f} ms within "
        f"ONNX Runtime ({flop / len(texts) / 1e9:.2f} GFLOP, {flop / within[0] / 1e9:.0f} GFLOP/s)"
        f", {(took - within[0]) * per_text:.2f} ms beside it, "
        f"{sum(map(len, values)) / len(values) / 1000:.1f} KB kept"
    )
    return values


def _flop(tokens: int) -> float:
    """Return what a text costs: two operations a weight and token, and each token by each."""
    weights = _LAYERS * (4 * _WIDE**2 + 2 * _WIDE * _WITHIN)
    return 2.0 * weights * tokens + 4.0 * _LAYERS * _WIDE * tokens**2


def _prepare(folder: Path, encoder: Encoder, chance: random.Random) -> None:
    seeds = folder / "seeds"
    seeds.mkdir()
    for number in range(_DOCUMENTS):
        text = "\n\n".join(_paragraph(chance) for _ in range(_PARAGRAPHS))
        (seeds / f"{number}.txt").write_text(text, "utf-8")
    found: list[Task] = []

    def keep(tasks: Sequence[Task]) -> Generator[Done]:
        found.extend(tasks)
        yield from ()

    before = _cpu_s()
    encode_ahead(seeds, folder / "state", encoder, keep)
    took = _cpu_s() - before
    count = sum(len(task.texts) for task in found if task.kind == "passage")
    print(f"reading and preparing: {1000 * took / count:.2f} ms a passage")


def _cpu_s() -> float:
    """Return the seconds of this process and of those that read for it."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + usage.ru_utime + usage.ru_stime


def _paragraph(chance: random.Random) -> str:
    return " ".join(chance.sample(SAMPLE, _SENTENCES))


if __name__ == "__main__":
    main()
