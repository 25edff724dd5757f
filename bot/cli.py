"""The command line: what can be asked for, and with which flags. The work is done elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

# Modules that cost time to import (settings, numpy, FAISS, Telegram) are imported by the command
# that needs them, so that `--help` and shell completion answer at once.
if TYPE_CHECKING:
    from rich.console import Console

    from bot.settings import Settings
    from index.encoder import SentenceTransformerEncoder
    from index.retriever import LocalRetriever
    from index.types import Answer

__all__ = ["app"]

DEFAULT_GOLDEN = Path("tests/golden/seeds.jsonl")

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks can show a token
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answers questions from a folder of documents in the documents' own words.",
    epilog="Settings come from flags, then the environment, then .env; .env.example lists them.",
)

Seeds = Annotated[
    Path | None,
    typer.Option(
        "--seeds",
        metavar="DIR",
        help=r"The folder of documents. \[default: seeds]",
    ),
]
State = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", help=r"The built index. \[default: .verbatim]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Hits = Annotated[
    int | None,
    typer.Option("-k", metavar="N", min=1, max=100, help=r"How many passages. \[default: 3]"),
]


@app.command()
def run(*, seeds: Seeds = None, state: State = None) -> None:
    """Start answering: on Telegram when a token is set, otherwise here in the terminal.

    Builds the index first where it is missing or the documents have changed.
    """
    from bot import texts
    from bot.maintaining import bring_up_to_date, build_lines, stderr_console
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    encoder = _encoder(settings)
    console = stderr_console()
    report = bring_up_to_date(settings, encoder)
    for line in build_lines(report) if report else ():
        console.print(line, style="dim")
    if settings.telegram_bot_token is not None:
        _run_bot(settings, encoder)
    else:
        console.print(texts.NO_TOKEN, style="dim")
        _run_chat(settings, encoder)


@app.command()
def build(
    *,
    full: Annotated[bool, typer.Option("--full", help="Build even if nothing changed.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="List the lines set aside as page furniture.")
    ] = False,
    seeds: Seeds = None,
    state: State = None,
) -> None:
    """Bring the index up to date with the documents.

    Files that can't be read are named on stderr and left out. If nothing at all can be read, the
    build fails and the index built before stays live.
    """
    from bot.maintaining import bring_up_to_date, build_lines
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    report = bring_up_to_date(settings, _encoder(settings), full=full)
    for line in build_lines(report, verbose=verbose) if report else ["the index is up to date"]:
        typer.echo(line)


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

    With --json each answer is one JSON object on a line of its own.
    """
    from bot.settings import Settings
    from bot.terminal import questions_from_stdin, stdout_console
    from index.errors import QuestionError

    if not question.strip():
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    settings = Settings.from_flags(seeds=seeds, state=state)
    retriever = _retriever(settings, _encoder(settings))
    console = stdout_console()
    if question != "-":
        _show(console, retriever.retrieve(question, k=k or settings.hits), as_json=as_json)
        return
    is_refused = False
    for asked in questions_from_stdin():
        try:
            _show(console, retriever.retrieve(asked, k=k or settings.hits), as_json=as_json)
        except QuestionError as error:  # the other lines are still answered
            typer.echo(f"verbatim: {error}", err=True)
            is_refused = True
        if not as_json:
            typer.echo()
    if is_refused:
        raise typer.Exit(2)


@app.command()
def chat(*, seeds: Seeds = None, state: State = None) -> None:
    """Ask one question after another in the terminal, or through a pipe."""
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    _run_chat(settings, _encoder(settings))


@app.command()
def bot(*, seeds: Seeds = None, state: State = None) -> None:
    """Answer on Telegram, with the token in TELEGRAM_BOT_TOKEN."""
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    _run_bot(settings, _encoder(settings))


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
    from bot.jsonview import dumps, evaluation_object
    from bot.maintaining import progress_bar
    from bot.settings import Settings
    from bot.terminal import evaluation_lines
    from index.beir import evaluate_collection, load_collection
    from index.evaluation import write_run
    from index.golden import evaluate_golden, load_golden

    if golden is not None and dataset is not None:
        raise typer.BadParameter("give --golden or --dataset, not both")
    settings = Settings.from_flags(seeds=seeds, state=state)
    encoder = _encoder(settings)
    with progress_bar("Evaluating") as progress:
        if dataset is not None:
            collection = load_collection(dataset)
            evaluation = evaluate_collection(collection, encoder, k=k, progress=progress)
        else:
            questions = load_golden(golden or DEFAULT_GOLDEN)
            retriever = _retriever(settings, encoder)
            evaluation = evaluate_golden(retriever, questions, k=k, progress=progress)
    if run_file is not None:
        write_run(evaluation.run, run_file)
    if as_json:
        typer.echo(dumps(evaluation_object(evaluation)))
    else:
        for line in evaluation_lines(evaluation):
            typer.echo(line)


@app.command()
def status(*, as_json: AsJson = False, seeds: Seeds = None, state: State = None) -> None:
    """Show which index is live, what it holds, and whether it is up to date."""
    from bot.jsonview import dumps
    from bot.maintaining import status_lines, status_object
    from bot.settings import Settings

    settings = Settings.from_flags(seeds=seeds, state=state)
    found = status_object(settings, _encoder(settings).identity)
    for line in [dumps(found)] if as_json else status_lines(found):
        typer.echo(line)


def _show(console: Console, answer: Answer, *, as_json: bool) -> None:
    from bot.jsonview import answer_object, dumps
    from bot.terminal import print_answer

    if as_json:
        typer.echo(dumps(answer_object(answer)))
    else:
        print_answer(console, answer)


def _encoder(settings: Settings) -> SentenceTransformerEncoder:
    from index.encoder import SentenceTransformerEncoder

    return SentenceTransformerEncoder.from_name(settings.encoder_model)


def _retriever(settings: Settings, encoder: SentenceTransformerEncoder) -> LocalRetriever:
    from bot.maintaining import warn_if_stale
    from index.confidence import Thresholds
    from index.encoder import CrossEncoderReranker
    from index.retriever import LocalRetriever

    reranker = settings.reranker_model
    retriever = LocalRetriever.from_state(
        settings.state_dir,
        encoder,
        thresholds=Thresholds(
            answered=settings.answered_confidence, unsure=settings.unsure_confidence
        ),
        reranker=CrossEncoderReranker.from_name(reranker) if reranker else None,
    )
    warn_if_stale(settings, encoder.identity)
    return retriever


def _run_chat(settings: Settings, encoder: SentenceTransformerEncoder) -> None:
    from bot.terminal import chat

    retriever = _retriever(settings, encoder)
    retriever.warm_up()
    chat(retriever, hits=settings.hits)


def _run_bot(settings: Settings, encoder: SentenceTransformerEncoder) -> None:
    from bot.app import run_bot

    run_bot(settings, _retriever(settings, encoder))
