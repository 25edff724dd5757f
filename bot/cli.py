"""The command line: what can be asked for, and with which flags. The work is done elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.flags import AsJson, Seeds, State  # noqa: TC001 - typer reads the annotations
from bot.maintenance import upkeep
from bot.people.feedback import feedback

# Modules that cost time to import (settings, numpy, FAISS, Telegram) are imported by the command
# that needs them, so that `--help` and shell completion answer at once.
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from bot.settings import Settings
    from index.types import Answer, Encoder

__all__ = ["app"]

DEFAULT_GOLDEN = Path("tests/golden/seeds.jsonl")

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks can show a token
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answers questions from a folder of documents in the documents' own words.",
    epilog="Settings come from flags, then the environment, then .env; .env.example lists them.",
)

Hits = Annotated[
    int | None,
    typer.Option("-k", metavar="N", min=1, max=100, help=r"How many passages. \[default: 3]"),
]


@app.command()
def run(
    *,
    watch: Annotated[bool, typer.Option(help="Build again whenever the documents change.")] = True,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Start answering: on Telegram when a token is set, otherwise here in the terminal.

    Builds the index first where it is missing or the documents have changed, and goes on doing so
    while it answers; a pipe is answered from the index as it is at the start.
    """
    import sys
    from contextlib import nullcontext

    from bot.composing import encoder_of, run_chat, run_telegram
    from bot.maintenance.consoles import stderr_console
    from bot.maintenance.state import has_index
    from bot.maintenance.watcher import watcher_process
    from bot.settings import Settings
    from bot.texts import ENGLISH
    from index.errors import VerbatimError

    settings = Settings.from_flags(seeds=seeds, state=state)
    encoder = encoder_of(settings, may_export=True)
    console = stderr_console()
    try:
        for line in _brought_up_to_date(settings, encoder):
            console.print(line, style="dim")
    except VerbatimError as error:
        if not has_index(settings):
            raise
        for problem in (*getattr(error, "problems", ()), error):  # the index before goes on
            typer.echo(f"verbatim: {problem}", err=True)
    is_bot = settings.telegram_bot_token is not None
    is_watching = watch and (is_bot or sys.stdin.isatty())
    with watcher_process(settings) if is_watching else nullcontext():
        if is_bot:
            run_telegram(settings, encoder)
        else:
            console.print(ENGLISH("no-token"), style="dim")
            run_chat(settings, encoder)


def _brought_up_to_date(settings: Settings, encoder: Encoder) -> Iterable[str]:
    """Build where there is something to build; a bot's process stays clear of what that takes."""
    if settings.telegram_bot_token is not None:
        from bot.maintenance.building import bring_up_to_date_apart

        return bring_up_to_date_apart(settings, encoder.identity)
    from bot.maintenance.maintaining import bring_up_to_date, build_lines

    report = bring_up_to_date(settings, encoder, is_asked_for=False)
    return build_lines(report) if report else ()


@app.command()
def ask(
    question: Annotated[
        str,
        typer.Argument(metavar="QUESTION", help="The question; - reads one a line from stdin."),
    ],
    *,
    k: Hits = None,
    as_json: AsJson = False,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Answer one question with the best passages, each with its source.

    Within the question, in:TITLE limits it to documents with these words in the title, and
    after:2011-06 and before:2012 to their dates. With --json each answer is one JSON object on a
    line of its own.
    """
    from bot.composing import encoder_of, live_retriever
    from bot.settings import Settings
    from bot.terminal import answer_to, questions_from_stdin, stdout_console
    from index.errors import QuestionError

    if not question.strip():
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    settings = Settings.from_flags(seeds=seeds, state=state)
    retriever = live_retriever(settings, encoder_of(settings))
    console = stdout_console()
    if question != "-":
        answer = answer_to(retriever, question, hits=k or settings.hits)
        _show(console, answer, as_json=as_json)
        return
    is_refused = False
    for asked in questions_from_stdin():
        try:
            answer = answer_to(retriever, asked, hits=k or settings.hits)
            _show(console, answer, as_json=as_json)
        except QuestionError as error:  # the other lines are still answered
            typer.echo(f"verbatim: {error}", err=True)
            is_refused = True
        if not as_json:
            typer.echo()
    if is_refused:
        raise typer.Exit(2)


@app.command()
def chat(*, seeds: Seeds = None, state: State = None) -> None:
    """Ask one question after another in the terminal, or through a pipe.

    Questions may have in:TITLE, after:2011-06 and before:2012 in them, as with `ask`.
    """
    from bot.composing import encoder_of, run_chat
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    run_chat(settings, encoder_of(settings))


@app.command()
def bot(*, seeds: Seeds = None, state: State = None) -> None:
    """Answer on Telegram, with the token in TELEGRAM_BOT_TOKEN."""
    from bot.composing import encoder_of, run_telegram
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    run_telegram(settings, encoder_of(settings))


@app.command("eval")
def evaluate(
    *,
    golden: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=rf"Golden questions (JSON Lines). \[default: {DEFAULT_GOLDEN}]",
        ),
    ] = None,
    dataset: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A BEIR folder: corpus.jsonl, queries.jsonl, qrels/."),
    ] = None,
    k: Annotated[
        int, typer.Option("-k", metavar="N", min=1, max=100, help="The cutoff of the metrics.")
    ] = 10,
    as_json: AsJson = False,
    run_file: Annotated[
        Path | None,
        typer.Option("--run", metavar="FILE", help="Write the rankings as a TREC run file."),
    ] = None,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Measure retrieval: on golden questions about the documents, or on a BEIR collection."""
    from bot.composing import encoder_of, local_retriever
    from bot.jsonview import dumps, evaluation_object
    from bot.maintenance.consoles import progress_bar
    from bot.settings import Settings
    from bot.terminal import evaluation_lines
    from index.beir import evaluate_collection, load_collection
    from index.evaluation import write_run
    from index.golden import evaluate_golden, load_golden

    if golden is not None and dataset is not None:
        raise typer.BadParameter("give --golden or --dataset, not both")
    settings = Settings.from_flags(seeds=seeds, state=state)
    encoder = encoder_of(settings, may_export=dataset is not None)
    with progress_bar("Evaluating") as progress:
        if dataset is not None:
            collection = load_collection(dataset)
            evaluation = evaluate_collection(collection, encoder, k=k, progress=progress)
        else:
            questions = load_golden(golden or settings.golden_file)
            retriever = local_retriever(settings, encoder)
            evaluation = evaluate_golden(retriever, questions, k=k, progress=progress)
    if run_file is not None:
        write_run(evaluation.run, run_file)
    if as_json:
        typer.echo(dumps(evaluation_object(evaluation)))
    else:
        for line in evaluation_lines(evaluation):
            typer.echo(line)


def _show(console: Console, answer: Answer, *, as_json: bool) -> None:
    from bot.jsonview import answer_object, dumps
    from bot.terminal import print_answer

    if as_json:
        typer.echo(dumps(answer_object(answer)))
    else:
        print_answer(console, answer)


app.command()(upkeep.build)
app.command()(upkeep.watch)
app.command()(upkeep.rollback)
app.command()(upkeep.status)
app.add_typer(feedback, name="feedback")
