"""Which encoder stands for a model, and why; what happens when an export is missing or refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from index.build import build
from index.cache import cache_key
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.encoders import choose_encoder, encoder_like, forget_exports, forget_refusals
from index.errors import EncoderMismatchError
from index.onnx_encoder import ABOUT, FP32, GRAPH, About, OnnxEncoder
from index.retriever import LocalRetriever
from index.types import EncoderIdentity
from tests.fakes import FakeEncoder
from tests.index.tiny import tiny_model

ROOT = Path(__file__).resolve().parents[2]
TORCH = {"torch", "transformers", "sentence_transformers"}
FOR_BUILDS = {"onnx", "scipy", "datasketch", "trafilatura", "pypdfium2"}


def test_a_backend_makes_another_identity() -> None:
    """So what one made is neither compared with the other's nor taken from the cache for it."""
    backends = ("sentence-transformers", "onnx-fp32", "onnx-int8")
    identities = [
        EncoderIdentity(name="m", revision=None, weights_sha256="0", backend=each)
        for each in backends
    ]
    assert len(set(identities)) == 3
    assert len({cache_key("passage", repr(each)) for each in identities}) == 3
    assert [str(each) for each in identities] == [f"m ({each})" for each in backends]


def test_an_index_of_another_backend_is_refused(seeds_dir: Path, state_dir: Path) -> None:
    """The message names both."""
    (seeds_dir / "gate.txt").write_text("The gate stood open.\n", "utf-8")
    build(seeds_dir, state_dir, FakeEncoder())
    with pytest.raises(EncoderMismatchError, match=r"fake \(sentence-transformers\), but other"):
        LocalRetriever.from_state(state_dir, FakeEncoder(name="other"))


def test_sentence_transformers_runs_where_nothing_was_exported(state_dir: Path) -> None:
    """Whoever only answers exports nothing, and `status` says why."""
    choice = choose_encoder(DEFAULT_ENCODER, state_dir)
    assert isinstance(choice.encoder, SentenceTransformerEncoder)
    assert choice.reason == "onnx-fp32: not exported yet, `verbatim build` does it"
    named = choose_encoder(DEFAULT_ENCODER, state_dir, "sentence-transformers", say=print)
    assert named.encoder.identity.backend == "sentence-transformers"
    assert named.reason == "ENCODER_BACKEND names it"
    assert not state_dir.exists()


@pytest.mark.model
def test_a_model_is_exported_once_and_anew_when_it_is_damaged(
    tmp_path: Path, state_dir: Path
) -> None:
    """Each time with a line that says so; another prompt makes another export."""
    model = tiny_model(tmp_path / "model")
    lines: list[str] = []
    exporting = f"exporting {model} to onnx-fp32, once; this takes some seconds"
    first = choose_encoder(str(model), state_dir, say=lines.append)
    assert isinstance(first.encoder, OnnxEncoder)
    assert first.reason == "it was checked against the original"
    assert first.encoder.identity.backend == "onnx-fp32"
    assert lines == [exporting]
    assert isinstance(choose_encoder(str(model), state_dir).encoder, OnnxEncoder)
    assert isinstance(choose_encoder(str(model), state_dir, say=lines.append).encoder, OnnxEncoder)
    assert lines == [exporting]
    [graph] = state_dir.glob(f"models/*/{GRAPH}")
    graph.write_bytes(graph.read_bytes()[:-1])
    damaged = choose_encoder(str(model), state_dir)
    assert isinstance(damaged.encoder, SentenceTransformerEncoder)
    assert damaged.reason == f"onnx-fp32: the exported encoder in {graph.parent} is damaged"
    like = encoder_like(first.encoder.identity, state_dir, say=lines.append)
    assert like.identity == first.encoder.identity
    assert like.encode_queries(["gate"]).shape == (1, 32)
    assert lines == [exporting, exporting]
    (model / "config_sentence_transformers.json").write_text('{"prompts": {"query": "q: "}}')
    assert isinstance(choose_encoder(str(model), state_dir).encoder, SentenceTransformerEncoder)


@pytest.mark.model
def test_what_cannot_be_exported_is_not_tried_again_and_the_original_runs(
    tmp_path: Path, state_dir: Path
) -> None:
    """Until a person asks for everything anew, or a library changes."""
    model = tiny_model(tmp_path / "model", prompts={"query": "q q q: "}, is_prompt_pooled=False)
    lines: list[str] = []
    for _ in range(2):
        choice = choose_encoder(str(model), state_dir, say=lines.append)
        assert isinstance(choice.encoder, SentenceTransformerEncoder)
        assert "onnx-fp32: its vectors of questions have a cosine of" in choice.reason
    assert len(lines) == 2
    assert lines[0].startswith("exporting ")
    assert lines[1].startswith(f"{model} can't be had as onnx-fp32: its vectors")
    [refused] = state_dir.glob("models/*")
    assert refused.suffix == ".refused"
    versions, _, reason = refused.read_text("utf-8").partition("\n")
    assert "onnxruntime " in versions
    refused.write_text(f"onnxruntime 0.1\n{reason}", "utf-8")
    assert "not exported yet" in choose_encoder(str(model), state_dir).reason
    forget_refusals(state_dir)
    assert list(state_dir.glob("models/*")) == []


@pytest.mark.model
def test_a_question_is_answered_without_torch(tmp_path: Path, real_seeds: Path) -> None:
    """`ask` over an index of the exported encoder imports nothing that only a build needs."""
    where = ["--seeds", str(real_seeds), "--state", str(tmp_path / "state")]
    _python(["-m", "bot", "build", *where], tmp_path)
    script = (
        "import sys\n"
        "from bot.__main__ import main\n"
        f"sys.argv = ['verbatim', 'ask', 'who is harmoush', '--json', *{where!r}]\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    *_, modules = _python(["-c", script], tmp_path).splitlines()
    assert "onnxruntime" in modules.split()
    assert set(modules.split()) & (TORCH | FOR_BUILDS) == set()


def _python(arguments: list[str], folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def exported(state_dir: Path, name: str, identity: EncoderIdentity, second: int) -> Path:
    """Make the folder of an exported model that is so many seconds old."""
    about = About(
        identity=identity,
        dimension=2,
        max_tokens=9,
        query_prompt="",
        passage_prompt="",
        unknown=None,
        padding=0,
        files={},
    )
    folder = state_dir / "models" / name
    folder.mkdir(parents=True)
    (folder / ABOUT).write_bytes(TypeAdapter(About).dump_json(about))
    os.utime(folder, (second, second))
    return folder


def test_exports_that_nobody_uses_are_forgotten(state_dir: Path) -> None:
    """The newest of each encoder in use stays, and what is said of those that were refused."""
    used, other, unused = (
        EncoderIdentity(name=name, revision=None, weights_sha256="0" * 64, backend=FP32)
        for name in ("used", "other", "unused")
    )
    kept = [exported(state_dir, "b", used, 2), exported(state_dir, "c", other, 1)]
    for name, identity, second in (("a", used, 1), ("d", unused, 3), ("e.new", used, 4)):
        exported(state_dir, name, identity, second)
    (state_dir / "models" / "damaged").mkdir()
    refused = state_dir / "models" / "f.refused"
    refused.write_text("why")
    forget_exports(state_dir, {used, other})
    assert sorted((state_dir / "models").iterdir()) == [*kept, refused]
    forget_exports(state_dir / "nowhere", {used})
