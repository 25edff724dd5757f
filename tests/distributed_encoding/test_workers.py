"""Two workers of Ray Data on this machine; Ray is large and no part of the extra `dev`."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from distributed_encoding import ahead
from distributed_encoding.ahead import Ahead, encode_ahead
from index.build import build
from index.encoders import choose_encoder
from index.errors import WorkersError
from index.generations import Generations
from index.models import DEFAULT_ENCODER
from index.onnx_encoder import OnnxEncoder
from index.types import Encoder
from tests.distributed_encoding.corpus import TEXTS, CountingEncoder, cached, write_documents
from tests.distributed_encoding.meeting import KilledEncoder, MeetingEncoder
from tests.fakes import FakeEncoder

pytest.importorskip("ray", reason="Ray's workers are not tested: the extra `ray` is not installed")
workers = pytest.importorskip("distributed_encoding.workers")

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")]


@pytest.fixture
def seeds(seeds_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of documents whose texts make several tasks."""
    write_documents(seeds_dir)
    monkeypatch.setattr(ahead, "_AT_ONCE", 3)
    return seeds_dir


@pytest.fixture
def meeting_place(tmp_path: Path) -> Path:
    """Return an empty folder that all workers see."""
    folder = tmp_path / "meeting"
    folder.mkdir()
    return folder


def encoded_by_two(seeds: Path, state: Path, load: Callable[[], Encoder]) -> Ahead:
    """Have two workers encode the documents."""
    spread = workers.RayWorkers(load=load, identity=FakeEncoder().identity, count=2)
    return encode_ahead(seeds, state, FakeEncoder(), spread)


def test_two_processes_give_what_one_build_does(
    seeds: Path, state_dir: Path, meeting_place: Path
) -> None:
    """To the last bit; and the build that follows encodes nothing."""
    found = encoded_by_two(seeds, state_dir, partial(MeetingEncoder, folder=meeting_place))
    processes = {int(name.rpartition("/")[2]) for name in found.by_worker}
    assert processes == {int(path.name) for path in meeting_place.iterdir()}
    assert len(processes) == 2
    assert os.getpid() not in processes
    assert found.texts == TEXTS
    spread = cached(state_dir)
    encoder = CountingEncoder()
    build(seeds, state_dir, encoder)
    assert encoder.encoded == []
    alone = state_dir.with_name("alone")
    build(seeds, alone, FakeEncoder())
    assert spread.items() <= cached(alone).items()


def test_a_worker_that_is_killed_loses_nothing(
    seeds: Path, state_dir: Path, meeting_place: Path
) -> None:
    """Its texts are given to others, and everything is there in the end."""
    found = encoded_by_two(seeds, state_dir, partial(KilledEncoder, folder=meeting_place))
    assert (meeting_place / "killed").exists()
    assert found.texts == TEXTS
    encoder = CountingEncoder()
    build(seeds, state_dir, encoder)
    assert encoder.encoded == []


def test_a_worker_with_another_encoder_is_refused(seeds: Path, state_dir: Path) -> None:
    """Its vectors would be kept under keys that promise others."""
    with pytest.raises(WorkersError, match=r"has other \(sentence-transformers\), not fake"):
        encoded_by_two(seeds, state_dir, partial(FakeEncoder, name="other"))


def vectors_of(state: Path) -> list[np.ndarray]:
    """Return the vectors of passages and of sentences."""
    generation, _ = Generations(state).load()
    stores = (generation.vectors, generation.sentence_vectors)
    return [each.vectors(np.arange(len(each))) for each in stores]


@pytest.mark.model
def test_the_command_does_it_with_the_real_encoder(
    real_seeds: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is not called by the build that follows; vectors differ in their last bits at most.

    Texts are padded to the longest of a batch, and batches are others.
    """
    command = [sys.executable, "-m", "distributed_encoding"]
    folders = ["--seeds", str(real_seeds), "--state", str(state_dir)]
    run = subprocess.run(  # noqa: S603 - our own command
        [*command, *folders], cwd=real_seeds.parent, capture_output=True, text=True, check=True
    )
    assert re.search(
        r"^\d+ texts encoded in \d+ s; now `verbatim build`$", run.stdout, re.MULTILINE
    )
    encoder = choose_encoder(DEFAULT_ENCODER, state_dir).encoder
    assert isinstance(encoder, OnnxEncoder)
    with monkeypatch.context() as patch:
        patch.delattr(OnnxEncoder, "embed_passages")
        patch.delattr(OnnxEncoder, "encode_passages")
        build(real_seeds, state_dir, encoder)
    alone = state_dir.with_name("alone")
    build(real_seeds, alone, encoder)
    spread, local = vectors_of(state_dir), vectors_of(alone)
    for one, other in zip(spread, local, strict=True):
        assert one == pytest.approx(other, abs=1e-6)
