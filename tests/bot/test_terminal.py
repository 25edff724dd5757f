"""Answers in a terminal and through a pipe."""

import builtins
import re
import sys
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, cast

import pytest
from rich.console import Console

from bot.terminal import (
    chat,
    evaluation_lines,
    print_answer,
    questions_from_stdin,
    stdout_console,
)
from bot.texts import ENGLISH
from index.errors import QuestionError
from index.evaluation import Evaluation
from index.queries import Query, Scope, Turn
from index.types import Answer, Source, Span, Verdict
from tests.bot.samples import TEXT, ScriptedRetriever, make_answer, make_hit

if TYPE_CHECKING:
    from index.live import LiveRetriever

SOURCE_LINE = "  — The Gate · ¶ 2 of 5 · seeds/gate.txt\n"


def talk(retriever: ScriptedRetriever, *, hits: int) -> None:
    """Chat with a scripted retriever."""
    chat(cast("LiveRetriever", retriever), hits=hits)


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def printed(answer: Answer, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what stands in a pipe for an answer."""
    print_answer(stdout_console(), answer)
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_a_passage_stands_on_one_line_over_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    """Through a pipe nothing is wrapped, whatever the width."""
    text = "word " * 200 + "end [b]: :smile: 42."
    assert printed(make_answer(make_hit(text, Span(0, 4))), capsys) == f"{text}\n{SOURCE_LINE}"


@pytest.mark.parametrize(
    "text", ["A\ttab.", "Two  spaces.", "Emoji 👩‍👩‍👧 and سوريا.", "a\u00a0b"]
)
def test_a_passage_stands_verbatim(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Through a pipe a passage comes out character for character."""
    out = printed(make_answer(make_hit(text, Span(0, len(text)))), capsys)
    assert out == f"{text}\n{SOURCE_LINE}"


def test_a_source_says_all_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """Title, publisher, date, paragraph, file and address stand under the passage."""
    source = Source(
        title="The Gate",
        path="seeds/gate.txt",
        publisher="The Paper",
        published="2011",
        url="https://example.com/gate",
    )
    assert printed(make_answer(make_hit("Yes.", Span(0, 4), source=source)), capsys) == (
        "Yes.\n"
        "  — The Gate · The Paper · 2011 · ¶ 2 of 5 · seeds/gate.txt · "
        "https://example.com/gate#:~:text=Yes.\n"
    )


def test_further_hits_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """A blank line parts one hit from the next."""
    one, two = make_hit("One.", Span(0, 4)), make_hit("Two.", Span(0, 4), rank=2)
    assert printed(make_answer(one, two), capsys) == (f"One.\n{SOURCE_LINE}\nTwo.\n{SOURCE_LINE}")


def test_an_unsure_answer_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The doubt stands above the closest passage."""
    hit = make_hit("One.", Span(0, 4))
    assert printed(make_answer(hit, hit, verdict=Verdict.UNSURE), capsys) == (
        f"I'm not sure the documents answer this. The closest passage:\nOne.\n{SOURCE_LINE}"
    )


def test_a_refusal_lists_the_closest_titles(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an answer, each close title has a line."""
    other = make_hit(source=Source(title="[B]", path="seeds/b.txt"), rank=2)
    assert printed(make_answer(make_hit(), other, verdict=Verdict.NO_ANSWER), capsys) == (
        "Not in these documents.\nThe closest are:\n  • The Gate\n  • [B]\n"
    )
    bare = printed(make_answer(verdict=Verdict.NO_ANSWER), capsys)
    assert bare == "Not in these documents.\n"


def test_a_terminal_shows_the_best_sentence_in_bold() -> None:
    """In a terminal the highlight is bold, and lines are wrapped within the width."""
    stream = Terminal()
    console = Console(file=stream, width=60, color_system="standard", _environ={"TERM": "xterm"})
    print_answer(console, make_answer(make_hit()))
    assert [line.rstrip() for line in stream.getvalue().splitlines()] == [
        "It was late. \x1b[1mThe gate <A> stood open.\x1b[0m Nobody came.",
        "  \x1b[2m— The Gate · ¶ 2 of 5 · seeds/gate.txt\x1b[0m",
    ]


def test_a_terminal_wraps_sources_with_their_indent() -> None:
    """A source that is too long for the line goes on under its beginning."""
    stream = StringIO()
    console = Console(file=stream, width=24, _environ={}, force_terminal=True, no_color=True)
    print_answer(console, make_answer(make_hit("Yes.", Span(0, 4))))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    lines = [line.rstrip() for line in plain.splitlines()]
    assert lines == ["Yes.", "  — The Gate · ¶ 2 of 5", "  · seeds/gate.txt"]


def test_a_chat_answers_each_question_of_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each question is shown, answered and followed by a blank line; blank ones are not asked."""
    retriever = ScriptedRetriever()
    monkeypatch.setattr(sys, "stdin", StringIO("  one \n\n \ntwo [b]"))
    talk(retriever, hits=4)
    assert capsys.readouterr() == (
        f"? one\n{TEXT}\n{SOURCE_LINE}\n? two [b]\n{TEXT}\n{SOURCE_LINE}\n",
        "",
    )
    assert (retriever.questions, retriever.limits) == (["one", "two [b]"], [4, 4])


def test_a_chat_goes_on_after_a_question_it_does_not_take(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong with a question is said in its answer's place."""
    retriever = ScriptedRetriever()
    retriever.error = QuestionError("the question is over 4096 characters long")
    monkeypatch.setattr(sys, "stdin", StringIO("one\ntwo\n"))
    talk(retriever, hits=3)
    said = "the question is over 4096 characters long\n\n"
    assert capsys.readouterr().out == f"? one\n{said}? two\n{said}"


def test_operators_of_a_question_say_where_to_look(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest is asked, of what they let in; what can't be followed is said in its place."""
    retriever = ScriptedRetriever()
    monkeypatch.setattr(sys, "stdin", StringIO("in:gate was it after:2011-06\nwas it in:cairo\n"))
    chat(cast("LiveRetriever", retriever), hits=3)
    scope = Scope(documents=frozenset({"d1"}), after="2011-06")
    assert retriever.queries == [Query(text="was it", scope=scope)]
    out = capsys.readouterr().out
    assert out.startswith(f"? in:gate was it after:2011-06\n{TEXT}\n")
    assert out.endswith("\nin:cairo: no document has these words in its title\n\n")


def test_a_chat_in_a_terminal_greets_and_prompts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a terminal there is a greeting and a prompt, and the question is not repeated."""
    typed = iter(["one"])
    prompts = []

    def type_in(prompt: str) -> str:
        prompts.append(prompt)
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(builtins, "input", type_in)
    talk(ScriptedRetriever(), hits=3)
    assert capsys.readouterr().out == f"{ENGLISH('chat-greeting')}\n{TEXT}\n{SOURCE_LINE}\n"
    assert prompts == ["? ", "? "]


def test_a_chat_in_a_terminal_remembers_until_it_is_told_to_forget(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each question comes with those before it; `/new` is no question."""
    typed = iter(["one", "two", "/new", "three"])

    def type_in(_prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(builtins, "input", type_in)
    retriever = ScriptedRetriever()
    talk(retriever, hits=3)
    turn = Turn(query="was the gate open?", passages=(make_hit().passage.id,))
    assert [(query.text, query.history) for query in retriever.queries] == [
        ("one", ()),
        ("two", (turn,)),
        ("three", ()),
    ]
    assert ENGLISH("chat-anew") in capsys.readouterr().out


def test_questions_of_a_pipe_have_nothing_to_do_with_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even `/new` is special there."""
    retriever = ScriptedRetriever()
    monkeypatch.setattr(sys, "stdin", StringIO("one\n/new\n"))
    talk(retriever, hits=3)
    assert [(query.text, query.history) for query in retriever.queries] == [
        ("one", ()),
        ("/new", ()),
    ]


def test_how_a_followup_was_understood_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """So that a person sees what was searched."""
    answer = replace(
        make_answer(make_hit(), question="when?"),
        query="when was the gate open?",
        is_followup=True,
    )
    print_answer(stdout_console(), answer)
    assert capsys.readouterr().out.startswith("Understood as: when was the gate open?\n")


def test_ctrl_c_ends_a_chat_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C at the prompt is a way to leave, not an error."""

    def interrupt(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(builtins, "input", interrupt)
    talk(ScriptedRetriever(), hits=3)
    assert capsys.readouterr() == (f"{ENGLISH('chat-greeting')}\n", "")


def test_questions_end_with_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """One question a line, trimmed; the last one needs no line end."""
    monkeypatch.setattr(sys, "stdin", StringIO("one\r\n\t\nتwo \nthree"))
    assert list(questions_from_stdin()) == ["one", "تwo", "three"]
    monkeypatch.setattr(sys, "stdin", StringIO(""))
    assert list(questions_from_stdin()) == []


def test_an_evaluation_has_a_figure_a_line() -> None:
    """Metrics have three places, latencies their unit, verdicts their shares."""
    evaluation = Evaluation(
        queries=3,
        documents=2,
        metrics={"ndcg@10": 0.66666, "success@1": 1.0},
        latency_ms={"p50": 1.26},
        verdicts={
            "answerable": {"answered": 2, "unsure": 1, "no_answer": 0},
            "unanswerable": {"answered": 0, "unsure": 0, "no_answer": 0},
        },
        run={},
        answers={},
    )
    assert list(evaluation_lines(evaluation)) == [
        "3 questions over 2 documents",
        "  ndcg@10      0.667",
        "  success@1    1.000",
        "  p50          1.3 ms",
        "  answerable   3: answered 2, unsure 1, no_answer 0",
    ]
