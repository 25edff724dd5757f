"""`python -m distributed_encoding`: the encoding of a large corpus, spread over many processes."""

from __future__ import annotations

import os
from functools import partial
from importlib.util import find_spec
from time import perf_counter
from typing import Annotated

import typer

from bot.__main__ import main
from bot.composing import encoder_of
from bot.flags import Seeds, State  # noqa: TC001 - typer reads the annotations
from bot.maintenance.consoles import progress_bar
from bot.settings import Settings
from distributed_encoding.ahead import encode_ahead
from index.encoders import encoder_like
from index.errors import ConfigurationError


def encode(
    *,
    workers: Annotated[int, typer.Option(min=1, help="How many processes encode.")] = 2,
    cores: Annotated[int, typer.Option(min=1, help="How many cores each of them uses.")] = 1,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=r"A running Ray cluster, `auto` for this machine's. \[default: started here]",
        ),
    ] = None,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Encode what the documents hold by many processes at once, before `verbatim build`.

    Vectors go into the build's cache as they come: the build that follows encodes nothing, and
    whatever is interrupted goes on where it was. On a cluster, every machine needs the project's
    libraries with the extra `ray`, and the state folder at the same path.
    """
    if find_spec("ray") is None:
        raise ConfigurationError("Ray is not installed: pip install -e '.[ray]'")
    # Read when Ray is imported: a cluster that doesn't answer is given up within two minutes, not
    # within fourteen.
    os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "2")
    from distributed_encoding.workers import RayWorkers

    settings = Settings.from_flags(seeds=seeds, state=state)
    encoder = encoder_of(settings, may_export=True)
    state_dir = settings.state_dir.resolve()
    spread = RayWorkers(
        load=partial(encoder_like, encoder.identity, state_dir, threads=cores),
        identity=encoder.identity,
        count=workers,
        cores=cores,
        address=address,
    )
    started = perf_counter()
    with progress_bar("Encoding texts") as bar:
        ahead = encode_ahead(settings.seeds_dir, state_dir, encoder, spread, bar)
    for worker, texts in sorted(ahead.by_worker.items()):
        typer.echo(f"{worker}: {texts:,} texts")
    took = perf_counter() - started
    typer.echo(f"{ahead.texts:,} texts encoded in {took:.0f} s; now `verbatim build`")


if __name__ == "__main__":
    main(partial(typer.run, encode))
