"""`verbatim feedback`: what people thought of the answers, for maintainers."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer

# As in `bot.cli`: what costs time to import is imported by the command that needs it.
from bot.flags import Seeds, State  # noqa: TC001 - typer reads the annotations

__all__ = ["feedback"]

feedback = typer.Typer(no_args_is_help=True, help="What people thought of the answers.")


@feedback.callback()
def _commands() -> None:
    """Keep `export` a command of its own, though it is the only one."""


@feedback.command()
def export(
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write there instead of to stdout."),
    ] = None,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Write what people confirmed as golden questions, for you to review and add to the file.

    Each is a question with the sentence that a thumb up or a chosen passage confirmed, or without
    any where none was right. Those on which votes conflict are named on stderr and left out, as
    are those that the golden file asks already.
    """
    from bot.people.exporting import export as exported
    from bot.settings import Settings
    from index.errors import EvaluationError

    found = exported(Settings.from_flags(seeds=seeds, state=state))
    for line in found.left_out:
        typer.echo(f"verbatim: left out, {line}", err=True)
    if output is None:
        for line in found.lines:
            typer.echo(line)
        return
    try:
        output.write_text("".join(f"{line}\n" for line in found.lines), "utf-8")
    except OSError as error:
        raise EvaluationError(f"{output}: can't be written ({error})") from None
    typer.echo(f"{len(found.lines)} golden questions written to {output}", err=True)
