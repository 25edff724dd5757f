"""What a build would encode, encoded ahead of it; here by one function in the place of workers."""

from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from distributed_encoding import ahead
from distributed_encoding.ahead import Done, Task, encode_ahead
from index.build import build
from index.encoded import Recipes
from index.errors import EmptyCorpusError, WorkersError
from tests.distributed_encoding.corpus import TEXTS, CountingEncoder, cached, write_documents
from tests.fakes import FakeEncoder


@pytest.fixture
def seeds(seeds_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of documents whose texts make several tasks."""
    write_documents(seeds_dir)
    monkeypatch.setattr(ahead, "_AT_ONCE", 5)
    return seeds_dir


class Here:
    """Does tasks in this process and remembers them; gives up before the one of this number."""

    def __init__(self, *, gives_up_before: int | None = None) -> None:
        self.tasks: list[Task] = []
        self._gives_up_before = gives_up_before

    def __call__(self, tasks: Sequence[Task]) -> Generator[Done]:
        """Do what a worker would."""
        recipes = Recipes.from_encoder(FakeEncoder(), None)
        by_kind = {each.kind: each for each in (recipes.passages, recipes.sentences)}
        for number, task in enumerate(tasks):
            if number == self._gives_up_before:
                raise WorkersError("gone")
            self.tasks.append(task)
            values = by_kind[task.kind].values(list(task.texts.values()))
            yield Done(dict(zip(task.texts, values, strict=True)), f"worker {number % 2}")


def test_the_next_build_encodes_nothing(seeds: Path, state_dir: Path) -> None:
    """And it finds what it would have made itself, to the last bit."""
    found = encode_ahead(seeds, state_dir, FakeEncoder(), Here())
    assert found.texts == TEXTS
    before = cached(state_dir)
    encoder = CountingEncoder()
    build(seeds, state_dir, encoder)
    assert encoder.encoded == []
    alone = state_dir.with_name("alone")
    build(seeds, alone, FakeEncoder())
    assert before.items() <= cached(alone).items()


def test_what_each_worker_did_is_counted(seeds: Path, state_dir: Path) -> None:
    """12 passages make tasks of 5, 5 and 2 texts, 24 sentences of 5, 5, 5, 5 and 4."""
    found = encode_ahead(seeds, state_dir, FakeEncoder(), Here())
    assert found.by_worker == {"worker 0": 5 + 2 + 5 + 5, "worker 1": 5 + 5 + 5 + 4}


def test_tasks_hold_each_text_once_and_long_ones_first(seeds: Path, state_dir: Path) -> None:
    """Texts alike in length share a task, and passages come before sentences."""
    (seeds / "c.txt").write_text((seeds / "a.txt").read_text("utf-8"), "utf-8")
    here = Here()
    encode_ahead(seeds, state_dir, FakeEncoder(), here)
    assert [task.kind for task in here.tasks] == ["passage"] * 3 + ["sentence"] * 5
    for kind in ("passage", "sentence"):
        texts = [text for task in here.tasks if task.kind == kind for text in task.texts.values()]
        lengths = [len(text) for text in texts]
        assert len(set(texts)) == len(texts)
        assert lengths == sorted(lengths, reverse=True)


def test_nobody_is_called_where_nothing_is_missing(seeds: Path, state_dir: Path) -> None:
    """After a build, say."""
    build(seeds, state_dir, FakeEncoder())
    here = Here()
    assert encode_ahead(seeds, state_dir, FakeEncoder(), here).by_worker == {}
    assert here.tasks == []


def test_only_what_is_new_is_encoded(seeds: Path, state_dir: Path) -> None:
    """A document more, with a passage and two sentences."""
    encode_ahead(seeds, state_dir, FakeEncoder(), Here())
    (seeds / "new.txt").write_text("The well was dry. Nobody came.", "utf-8")
    assert encode_ahead(seeds, state_dir, FakeEncoder(), Here()).texts == 3


def test_what_was_done_before_a_failure_is_kept(seeds: Path, state_dir: Path) -> None:
    """The next run, or the build, does the rest."""
    with pytest.raises(WorkersError, match="gone"):
        encode_ahead(seeds, state_dir, FakeEncoder(), Here(gives_up_before=3))
    assert encode_ahead(seeds, state_dir, FakeEncoder(), Here()).texts == TEXTS - (5 + 5 + 2)


def test_progress_is_told_in_texts(seeds: Path, state_dir: Path) -> None:
    """The last call says that all are done."""
    calls: list[tuple[int, int]] = []
    encode_ahead(
        seeds, state_dir, FakeEncoder(), Here(), lambda done, of: calls.append((done, of))
    )
    assert calls[0] == (5, TEXTS)
    assert calls[-1] == (TEXTS, TEXTS)


def test_an_empty_folder_is_an_error(seeds_dir: Path, state_dir: Path) -> None:
    """As it is to a build."""
    with pytest.raises(EmptyCorpusError):
        encode_ahead(seeds_dir, state_dir, FakeEncoder(), Here())


def test_stamps_that_cant_be_kept_cost_time_alone(
    seeds: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found by them is encoded all the same."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.stamps.Stamps.save", full)
    assert encode_ahead(seeds, state_dir, FakeEncoder(), Here()).texts == TEXTS
