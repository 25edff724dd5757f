"""Are follow-up questions understood? The golden conversations, asked in three ways.

    python -m benchmarks.followups [--half tuning] [--misses]

For each half: success@1 and MRR@10 of first turns, of follow-ups and of later turns that stand
alone, each asked alone, put together with the question before, and with the conversation.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from index.build import build
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.golden import relevant_passages
from index.golden_conversations import (
    Part,
    ask,
    asked_alone,
    in_conversation,
    load_conversations,
    put_together,
)
from index.retriever import LocalRetriever

if TYPE_CHECKING:
    from index.golden_conversations import GoldenConversation, GoldenTurn
    from index.types import Answer

GOLDEN = Path("tests/golden/conversations")
WAYS = {
    "alone": asked_alone,
    "with the question before": put_together,
    "with the conversation": in_conversation,
}


def rank_of(retriever: LocalRetriever, turn: GoldenTurn, answer: Answer) -> int:
    """Return the rank of the first right hit, 0 if none is."""
    right = relevant_passages(turn, retriever.passages)
    return next((hit.rank for hit in answer.hits if hit.passage.id in right), 0)


def report(
    retriever: LocalRetriever, conversations: list[GoldenConversation], *, shows_misses: bool
) -> None:
    """Print the figures of some conversations."""
    print(f"| turns | n | {' | '.join(WAYS)} |\n|---|---|{'---|' * len(WAYS)}")
    ranks: dict[tuple[Part, str], list[int]] = defaultdict(list)
    times_ms: dict[Part, list[float]] = defaultdict(list)
    missed = []
    for conversation in conversations:
        for way, query_of in WAYS.items():
            answers = ask(retriever, conversation, query_of)
            for (part, turn), answer in zip(conversation.parts(), answers, strict=True):
                rank = rank_of(retriever, turn, answer)
                ranks[part, way].append(rank)
                if query_of is in_conversation:
                    times_ms[part].append(answer.timings.total_ms)
                    if rank != 1 and part is not Part.FIRST:
                        missed.append((rank, turn.question, answer.query))
    for part in Part:
        cells = []
        for way in WAYS:
            found = np.array(ranks[part, way])
            reciprocal = np.where(found > 0, 1 / np.maximum(found, 1), 0)
            cells.append(f"{np.mean(found == 1):.3f} ({reciprocal.mean():.3f})")
        print(f"| {part} | {len(found)} | {' | '.join(cells)} |")
    medians = ", ".join(f"{part} {np.median(times_ms[part]):.0f} ms" for part in Part)
    print(f"median time with the conversation: {medians}")
    if shows_misses:
        for rank, question, understood in missed:
            print(f"  {rank}: {question} -> {understood}")


def main() -> None:
    """Print the figures of each half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=["tuning", "judging"])
    parser.add_argument("--misses", action="store_true", help="tuning half only")
    options = parser.parse_args()
    conversations = load_conversations(GOLDEN / "conversations.jsonl")
    encoder = SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)
    with TemporaryDirectory() as state:
        build(GOLDEN / "documents", Path(state), encoder)
        retriever = LocalRetriever.from_state(Path(state), encoder)
        for half in [options.half] if options.half else ["tuning", "judging"]:
            mine = [each for each in conversations if each.half == half]
            print(f"\n{half}: {len(mine)} conversations; success@1 (MRR@10)\n")
            report(retriever, mine, shows_misses=options.misses and half == "tuning")


if __name__ == "__main__":
    main()
