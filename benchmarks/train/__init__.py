"""What makes `index/trained`: each module learns one file of it from collections with answers.

    .venv/bin/python -m benchmarks.train.projection --data ../shared/data --out NEW
    .venv/bin/python -m benchmarks.train.fusion     --data ../shared/data --out NEW
    .venv/bin/python -m benchmarks.train.highlight  --data ../shared/data --out NEW
    .venv/bin/python -m benchmarks.train.confidence --data ../shared/data --out NEW

Each builds upon the ones before it as they lie in `index/trained`: so copy a result there before
the next is learned, after a new projection. (The fusion that confidence builds upon is a file
that may be named.) Everything drawn at random is drawn with a fixed seed. Only the half of
SQuAD's articles that `benchmarks.halves` names is learned from; the other half judges.
"""
