"""A new generation is asked the golden questions before it is made live."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from index.build import build
from index.errors import EvaluationError, NotPromotedError
from index.generations import Generations
from index.outline import difference
from index.promotion import Promotion, read_judgement
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENCODER = FakeEncoder()
TALK = "Talk\n\nWhat does the well behind the mill give, what does the well give?\n"
GATE = "The guard closed the old gate at the north end."
WELL = "The well behind the mill gives cold water in every summer."
GOLDEN = [
    {"question": "who closed the old gate", "quotes": ["The guard closed"]},
    {"question": "what does the well behind the mill give", "quotes": ["gives cold water"]},
    {"question": "what is the capital of France", "quotes": []},
]


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    with reading_here():
        yield


@pytest.fixture
def seeds(seeds_dir: Path) -> Path:
    """Return a folder with two documents."""
    (seeds_dir / "gate.txt").write_text(f"The Gate\n\n{GATE}\n", "utf-8")
    (seeds_dir / "well.txt").write_text(f"The Well\n\n{WELL}\n", "utf-8")
    return seeds_dir


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """Return a golden file about them."""
    path = tmp_path / "golden.jsonl"
    path.write_text("\n".join(map(json.dumps, GOLDEN)), "utf-8")
    return path


def test_a_build_tells_of_its_stages(seeds: Path, state_dir: Path, golden: Path) -> None:
    """Files read, passages encoded, golden questions asked; what is remembered is not told."""
    told: list[tuple[str, int, int]] = []

    def build_again() -> None:
        told.clear()
        build(
            seeds,
            state_dir,
            ENCODER,
            lambda stage, done, of: told.append((stage, done, of)),
            promotion=Promotion(golden=golden),
        )

    build_again()
    judged = [("judging", 1, 2), ("judging", 2, 2)]
    assert told == [("reading", 1, 2), ("reading", 2, 2), ("encoding", 2, 2), *judged]
    build_again()
    assert told == judged


def test_what_was_found_is_kept_with_the_generation(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """It can be read again, and where it can't, there is none."""
    report = build(seeds, state_dir, ENCODER, promotion=Promotion(golden=golden))
    folder = Generations(state_dir).folder_of(report.generation)
    assert report.judgement is not None
    assert read_judgement(folder) == report.judgement
    (folder / "diff.json").write_text("{}", "utf-8")
    assert read_judgement(folder) is None


def test_a_build_that_breaks_nothing_is_promoted(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """Its golden answers are counted."""
    promotion = Promotion(golden=golden)
    first = build(seeds, state_dir, ENCODER, promotion=promotion).judgement
    assert first is not None
    assert (first.against, first.right, first.asked, first.broken) == (None, 2, 2, ())
    (seeds / "mill.txt").write_text("The Mill\n\nIt grinds at noon.\n", "utf-8")
    second = build(seeds, state_dir, ENCODER, promotion=promotion).judgement
    assert second is not None
    assert (second.right, second.broken, second.changed) == (2, (), ())
    assert second.difference.documents_added == ("seeds/mill.txt",)


def test_a_build_that_breaks_an_answer_is_kept_and_not_promoted(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """The error names the question, why, and what comes now; the one before stays live."""
    promotion = Promotion(golden=golden)
    live = build(seeds, state_dir, ENCODER, promotion=promotion).generation
    (seeds / "talk.txt").write_text(TALK, "utf-8")
    with pytest.raises(NotPromotedError) as caught:
        build(seeds, state_dir, ENCODER, promotion=promotion)
    kept = Generations(state_dir)
    assert kept.current() == live
    withheld = caught.value.generation
    assert kept.names() == [withheld, live]
    assert kept.history().withheld == (withheld,)
    [problem] = caught.value.problems
    assert problem.startswith("'what does the well behind the mill give': ")
    assert "now comes seeds/talk.txt: What does the well" in problem
    assert "--promote-anyway" in str(caught.value)


def test_an_answer_that_went_with_its_document_is_named_and_no_hindrance(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """Nobody is to be answered from a document that was deleted."""
    promotion = Promotion(golden=golden)
    build(seeds, state_dir, ENCODER, promotion=promotion)
    (seeds / "well.txt").unlink()
    report = build(seeds, state_dir, ENCODER, promotion=promotion)
    assert Generations(state_dir).current() == report.generation
    assert report.judgement is not None
    [problem] = report.judgement.problems()
    assert problem.startswith(
        "'what does the well behind the mill give': no document holds its quotes any more; "
        "now comes seeds/gate.txt: The guard closed"
    )


def test_a_quote_that_was_mended_is_looked_for_everywhere(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """That no document held the one before says nothing of it, also where it cuts words."""
    for quote, is_held in (("nowhere at all", False), ("e guar", True)):
        mended = [{"question": "who closed the old gate", "quotes": [quote]}, GOLDEN[1]]
        golden.write_text("\n".join(map(json.dumps, mended)), "utf-8")
        build(seeds, state_dir, ENCODER, promotion=Promotion(golden=golden))
        generations = Generations(state_dir)
        folder = generations.folder_of(str(generations.current()))
        first, _ = json.loads((folder / "golden.json").read_bytes())
        assert first["is_held"] is is_held


@pytest.mark.parametrize("options", [{"anyway": True}, {"tolerance": 1}])
def test_it_is_promoted_all_the_same_when_that_is_wanted(
    seeds: Path, state_dir: Path, golden: Path, options: dict[str, bool | int]
) -> None:
    """By name, or within the tolerance."""
    build(seeds, state_dir, ENCODER, promotion=Promotion(golden=golden))
    (seeds / "talk.txt").write_text(TALK, "utf-8")
    promotion = Promotion(golden=golden, **options)  # type: ignore[arg-type]
    report = build(seeds, state_dir, ENCODER, promotion=promotion)
    assert Generations(state_dir).current() == report.generation
    assert report.judgement is not None
    assert len(report.judgement.broken) == 1


def test_golden_questions_about_other_documents_are_left_aside(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """Where not one quote stands in the documents, the file is about others."""
    build(seeds, state_dir, ENCODER, promotion=Promotion(golden=golden))
    for path in seeds.iterdir():
        path.unlink()
    (seeds / "mill.txt").write_text("The Mill\n\nIt grinds at noon.\n", "utf-8")
    judgement = build(seeds, state_dir, ENCODER, promotion=Promotion(golden=golden)).judgement
    assert judgement is not None
    assert (judgement.asked, judgement.is_promoted) == (0, True)


def test_a_golden_file_that_is_not_there_asks_nothing(
    seeds: Path, state_dir: Path, tmp_path: Path
) -> None:
    """The setting's default need not exist."""
    promotion = Promotion(golden=tmp_path / "nowhere.jsonl")
    judgement = build(seeds, state_dir, ENCODER, promotion=promotion).judgement
    assert judgement is not None
    assert judgement.asked == 0


def test_a_golden_file_that_is_not_valid_stops_the_build(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """It is named, and nothing half-built stays."""
    golden.write_text("nonsense\n", "utf-8")
    with pytest.raises(EvaluationError, match=r"golden\.jsonl:1"):
        build(seeds, state_dir, ENCODER, promotion=Promotion(golden=golden))
    assert Generations(state_dir).names() == []


def test_the_difference_is_stored_in_the_generation(
    seeds: Path, state_dir: Path, golden: Path
) -> None:
    """Documents by name, passages by number, golden answers that changed."""
    build(seeds, state_dir, ENCODER)
    (seeds / "well.txt").write_text("The Well\n\nDry.\n\nAnd deep.\n", "utf-8")
    report = build(seeds, state_dir, ENCODER, promotion=Promotion(golden=golden))
    folder = Generations(state_dir).folder_of(report.generation)
    stored = json.loads((folder / "diff.json").read_text("utf-8"))
    assert stored["difference"] == {
        "documents_added": [],
        "documents_changed": ["seeds/well.txt"],
        "documents_removed": [],
        "passages_added": 1,
        "passages_changed": 1,
        "passages_removed": 0,
    }
    assert len(json.loads((folder / "golden.json").read_text("utf-8"))) == 2


def test_differences_are_counted() -> None:
    """In a changed document as many passages changed as left and came."""
    before = {"a": ("1", ["p", "q", "r"]), "b": ("2", ["s"]), "c": ("3", ["t"])}
    now = {"a": ("4", ["p", "x"]), "c": ("3", ["t"]), "d": ("5", ["u", "v"])}
    found = difference(before, now)
    assert found.documents_added == ("d",)
    assert found.documents_changed == ("a",)
    assert found.documents_removed == ("b",)
    assert (found.passages_added, found.passages_changed, found.passages_removed) == (2, 1, 2)
