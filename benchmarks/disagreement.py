"""How often are sources said to differ: rightly on pairs written for it, and at all elsewhere?

    .venv/bin/python -m benchmarks.disagreement [--data DIR] [--questions N]

The pairs are `tests/golden/disagreements.jsonl`: the rules were made on its tuning half and are
judged on the other. Then questions of the collections in DIR are asked, if given; each firing is
printed, to be judged by eye.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from benchmarks.collection import DEFAULT_STATE, load_benchmark, open_index
from index.disagreement import differing
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.queries import Query
from index.retriever import LocalRetriever
from tests.index.pairs import load_pairs

_PAIRS = Path("tests/golden/disagreements.jsonl")
_COLLECTIONS = ("rgb_en", "squad_dev")
_HITS = 5


def main() -> None:
    """Print precision and recall on the pairs, then how often it fires on collections."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a folder of collections")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="where indexes are kept")
    parser.add_argument("--questions", type=int, default=1000, help="how many of each to ask")
    options = parser.parse_args()
    pairs = load_pairs(_PAIRS)
    for half in ("tuning", "judging"):
        mine = [pair for pair in pairs if pair.half == half]
        fired = [pair.is_different for pair in mine if differing(pair.answer)]
        actual = sum(pair.is_different for pair in mine)
        print(
            f"{half}: {len(mine)} pairs, {actual} differ; fires on {len(fired)}, "
            f"precision {sum(fired) / max(len(fired), 1):.2f}, recall {sum(fired) / actual:.2f}"
        )
    if options.data is not None:
        for name in _COLLECTIONS:
            _ask(options.data / name, options.state, options.questions)


def _ask(folder: Path, state: Path, most: int) -> None:
    benchmark = load_benchmark(folder)
    encoder = SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)
    retriever = LocalRetriever(open_index(benchmark, encoder, state), encoder)
    questions = list(benchmark.collection.queries.values())
    asked = random.Random(0).sample(questions, min(most, len(questions)))
    queries = [Query(text=text) for text in asked]
    count = 0
    for answer in retriever.retrieve_many(queries, k=_HITS):
        hits = differing(answer)
        if hits:
            count += 1
            print(f"  {answer.question}")
            for hit in hits:
                print(f"    {hit.rank}: {hit.passage.text[slice(*hit.highlight)]}")
    print(f"{folder.name}: fires on {count} of {len(queries)} questions")


if __name__ == "__main__":
    main()
