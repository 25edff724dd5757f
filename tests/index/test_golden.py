"""Golden questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.build import build
from index.errors import EvaluationError
from index.golden import GoldenQuestion, evaluate_golden, load_golden, relevant_passages
from index.passages import passages_of
from index.retriever import LocalRetriever
from index.types import Passage
from tests.index.here import read_corpus

if TYPE_CHECKING:
    from tests.fakes import FakeEncoder

SHIPPED = Path(__file__).parent.parent / "golden" / "seeds.jsonl"


def passage(id_: str, text: str) -> Passage:
    """Return a passage of which only the id and the text matter."""
    return Passage(id=id_, document_id="d", number=1, of=1, start=0, end=len(text), text=text)


@pytest.fixture
def golden_file(tmp_path: Path) -> Path:
    """Return where a golden file may be written."""
    return tmp_path / "golden.jsonl"


def refusal(path: Path) -> str:
    """Return the message with which the file is refused, its path taken off."""
    with pytest.raises(EvaluationError) as error:
        load_golden(path)
    message = str(error.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message.removeprefix(str(path))


def test_questions_are_read_in_order(golden_file: Path) -> None:
    """One a line; blank lines are passed over, and a note is optional."""
    golden_file.write_text(
        '{"question": "was the gate open?", "quotes": ["stood open", "open gate"]}\n'
        "\n"
        '  {"question": "who shut it?", "quotes": [], "note": "not said"}  \n',
        "utf-8",
    )
    questions = load_golden(golden_file)
    assert questions == [
        GoldenQuestion(question="was the gate open?", quotes=("stood open", "open gate")),
        GoldenQuestion(question="who shut it?", quotes=(), note="not said"),
    ]
    assert [question.is_answerable for question in questions] == [True, False]


def test_a_line_ends_at_a_newline_alone(golden_file: Path) -> None:
    """Other separators may stand within a text, as JSON allows."""
    written = {"question": "one\u2028two\x85three", "quotes": []}
    golden_file.write_text(json.dumps(written, ensure_ascii=False) + "\n", "utf-8")
    assert [question.question for question in load_golden(golden_file)] == [
        "one\u2028two\x85three"
    ]


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("not json", ":2: the line: "),
        ('{"question": "a"}', ":2: quotes: "),
        ('{"quotes": []}', ":2: question: "),
        ('{"question": "", "quotes": []}', ":2: question: "),
        ('{"question": "a", "quotes": "b"}', ":2: quotes: "),
        ('{"question": "a", "quotes": [1]}', ":2: quotes.0: "),
        ('{"question": "a", "quotes": [], "answer": "b"}', ":2: answer: "),
        ('["a"]', ":2: the line: "),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(golden_file: Path, line: str, where: str) -> None:
    """The message says the line's number and the field."""
    golden_file.write_text('{"question": "a", "quotes": []}\n' + line + "\n", "utf-8")
    assert refusal(golden_file).startswith(where)


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_without_a_question_is_refused(golden_file: Path, text: str) -> None:
    """An empty file judges nothing."""
    golden_file.write_text(text)
    assert refusal(golden_file) == ": holds no question"


def test_a_missing_file_is_refused(golden_file: Path) -> None:
    """The system's reason is given."""
    assert "No such file" in refusal(golden_file)


def test_a_file_that_is_not_utf_8_is_refused(golden_file: Path) -> None:
    """JSON is UTF-8."""
    golden_file.write_bytes(b'{"question": "caf\xe9", "quotes": []}\n')
    assert refusal(golden_file).startswith(": can't be read ('utf-8' codec can't decode")


def test_every_passage_with_any_of_the_quotes_is_right() -> None:
    """Quotes are exact; one that stands twice makes both passages right."""
    passages = [
        passage("p1", "The gate stood open."),
        passage("p2", "It was late."),
        passage("p3", "The open gate was seen."),
        passage("p4", "Open gate, said the sign, and stood open."),
    ]
    question = GoldenQuestion(question="q", quotes=("stood open", "open gate"))
    assert relevant_passages(question, passages) == {"p1", "p3", "p4"}
    assert relevant_passages(GoldenQuestion(question="q", quotes=()), passages) == set()


def test_a_quote_that_stands_nowhere_is_an_error() -> None:
    """The golden file and the documents disagree, which nobody should overlook."""
    question = GoldenQuestion(question="was it open?", quotes=("stood open", "Stood open"))
    with pytest.raises(EvaluationError) as error:
        relevant_passages(question, [passage("p1", "The gate stood open.")])
    assert str(error.value) == "no passage holds the quote 'Stood open' of 'was it open?'"


@pytest.fixture
def retriever(seeds_dir: Path, state_dir: Path, fake_encoder: FakeEncoder) -> LocalRetriever:
    """Return a retriever over two documents of one paragraph each."""
    (seeds_dir / "gate.txt").write_text("The northern gate stood open all night.\n")
    (seeds_dir / "well.txt").write_text("Cold water comes from a deep well.\n")
    build(seeds_dir, state_dir, fake_encoder)
    return LocalRetriever.from_state(state_dir, fake_encoder)


def test_golden_questions_are_asked_and_judged(retriever: LocalRetriever) -> None:
    """Questions of the passages' own words find them; the others count as unanswerable."""
    asked: list[tuple[int, int]] = []
    found = evaluate_golden(
        retriever,
        [
            GoldenQuestion(question="northern gate stood open all night", quotes=("stood open",)),
            GoldenQuestion(question="cold water from a deep well", quotes=("deep well",)),
            GoldenQuestion(question="what is the capital of France", quotes=()),
        ],
        k=2,
        progress=lambda done, of: asked.append((done, of)),
    )
    assert found.metrics == {"ndcg@2": 1.0, "recall@2": 1.0, "mrr@2": 1.0, "success@1": 1.0}
    assert (found.queries, found.documents) == (3, 2)
    assert list(found.run) == list(found.answers) == ["q1", "q2", "q3"]
    assert {kind: sum(counts.values()) for kind, counts in found.verdicts.items()} == {
        "answerable": 2,
        "unanswerable": 1,
    }
    assert asked == [(1, 3), (2, 3), (3, 3)]


def test_a_golden_file_that_does_not_fit_is_refused(retriever: LocalRetriever) -> None:
    """A quote of another corpus is an error before anything is judged."""
    with pytest.raises(EvaluationError, match="no passage holds the quote"):
        evaluate_golden(retriever, [GoldenQuestion(question="q", quotes=("elsewhere",))])


def test_the_shipped_questions_fit_the_shipped_documents(
    real_seeds: Path, fake_encoder: FakeEncoder
) -> None:
    """At least 60 answerable and 20 unanswerable, no question twice, every quote in place."""
    passages = [
        passage
        for parsed in read_corpus(real_seeds).documents
        for passage in passages_of(parsed, fake_encoder)
    ]
    questions = load_golden(SHIPPED)
    answerable = [question for question in questions if question.is_answerable]
    assert len(answerable) >= 60
    assert len(questions) - len(answerable) >= 20
    assert len({question.question for question in questions}) == len(questions)
    assert all(relevant_passages(question, passages) for question in answerable)
