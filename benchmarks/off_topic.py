"""How sure is Verbatim of questions about something else? What the default thresholds stand on.

    .venv/bin/python -m benchmarks.off_topic --documents DIR --others DIR [--questions N]

Both are BEIR folders. Asks the documents their own answerable questions, then the other
collection's, and prints the share of each below every threshold.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from index.beir import load_collection
from index.build import index_documents
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.retriever import LocalRetriever

_THRESHOLDS = (0.05, 0.08, 0.12, 0.2, 0.3, 0.5)


def main() -> None:
    """Index the documents, ask both kinds of questions, print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=Path, required=True, help="the collection to index")
    parser.add_argument("--others", type=Path, required=True, help="the collection to ask of it")
    parser.add_argument("--questions", type=int, default=300, help="how many of each to ask")
    options = parser.parse_args()
    encoder = SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)
    collection = load_collection(options.documents)
    own = [text for key, text in collection.queries.items() if key in collection.qrels]
    others = list(load_collection(options.others).queries.values())
    with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
        index_documents(list(collection.documents.values()), Path(folder), encoder, seeds={})
        retriever = LocalRetriever.from_state(Path(folder), encoder)
    print(f"{'share below':<24}" + "".join(f"{threshold:>8}" for threshold in _THRESHOLDS))
    for name, questions in ((options.documents.name, own), (options.others.name, others)):
        asked = random.Random(0).sample(questions, min(options.questions, len(questions)))
        found = [retriever.retrieve(question, k=1).confidence for question in asked]
        shares = [sum(each < least for each in found) / len(found) for least in _THRESHOLDS]
        print(f"{name:<24}" + "".join(f"{share:>8.3f}" for share in shares))


if __name__ == "__main__":
    main()
