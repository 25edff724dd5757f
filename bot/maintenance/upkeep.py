"""The commands of a maintainer: build, watch, roll back, see the state of the index."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

# As in `bot.cli`: what costs time to import is imported by the command that needs it.
from bot.flags import AsJson, Seeds, State  # noqa: TC001 - typer reads the annotations

__all__ = ["build", "rollback", "status", "watch"]


def build(
    *,
    full: Annotated[
        bool,
        typer.Option("--full", help="Read and encode everything anew, with nothing from before."),
    ] = False,
    promote_anyway: Annotated[
        bool,
        typer.Option("--promote-anyway", help="Make it live though golden questions break."),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="List the lines set aside as page furniture.")
    ] = False,
    attended: Annotated[bool, typer.Option(hidden=True)] = False,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Bring the index up to date with the documents.

    Only what is new is read and encoded. Where golden questions break, the new index is kept and
    not made live. Files that can't be read are named on stderr and left out. If nothing at all can
    be read, the build fails and the index built before stays live.
    """
    from bot.composing import encoder_of
    from bot.maintenance.attended import build_attended
    from bot.maintenance.maintaining import bring_up_to_date, build_lines
    from bot.settings import Settings
    from index.encoders import forget_refusals

    settings = Settings.from_flags(seeds=seeds, state=state)
    if full:
        forget_refusals(settings.state_dir)
    if attended:
        exporting = partial(encoder_of, may_export=True)
        raise typer.Exit(build_attended(settings, exporting))
    report = bring_up_to_date(
        settings,
        encoder_of(settings, may_export=True),
        full=full,
        promote_anyway=promote_anyway,
    )
    for line in build_lines(report, verbose=verbose) if report else ["the index is up to date"]:
        typer.echo(line)


def watch(
    *,
    until_stdin_ends: Annotated[bool, typer.Option(hidden=True)] = False,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Build whenever the documents change, until Ctrl-C; whoever answers takes it up by itself."""
    import threading

    from bot.composing import encoder_of
    from bot.maintenance.watching import end_with_stdin, give_way, watch_documents
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    stop = threading.Event()
    if until_stdin_ends:
        give_way()  # to the process that answers, which holds the other end
        end_with_stdin(stop)
    watch_documents(
        settings,
        encoder_of(settings, may_export=True),
        stop=stop,
        say=lambda line: typer.echo(line, err=True),
    )


def rollback(*, seeds: Seeds = None, state: State = None) -> None:
    """Make the index that was live before live again.

    `run` and `watch` leave it so until the documents change; `build` builds all the same.
    """
    from bot.maintenance.undoing import go_back
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    before, now = go_back(settings)
    typer.echo(f"rolled back from {before}: {now} is live")


def status(
    *,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Read all of the live index first, and check every byte."),
    ] = False,
    as_json: AsJson = False,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Show which index is live, whether it is up to date, and which others are kept.

    Whoever answers reads only those files of the index for their checksums that have changed since
    they were last taken; --verify reads them all, as after trouble with a disk.
    """
    from bot.composing import encoder_choice
    from bot.jsonview import dumps
    from bot.maintenance.state import status_lines, status_object
    from bot.settings import Settings
    from index.generations import Generations

    settings = Settings.from_flags(seeds=seeds, state=state)
    if verify:
        generations = Generations(settings.state_dir)
        generations.check(generations.manifest(), anew=True)
    found = status_object(settings, encoder_choice(settings))
    for line in [dumps(found)] if as_json else status_lines(found):
        typer.echo(line)
