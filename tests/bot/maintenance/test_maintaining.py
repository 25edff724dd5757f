"""Building, and saying what state the index is in."""

import datetime as dt
from contextlib import nullcontext
from pathlib import Path

import pytest

from bot.maintenance import state as state_module
from bot.maintenance.consoles import progress_bar, stderr_console
from bot.maintenance.maintaining import bring_up_to_date, build_lines
from bot.maintenance.state import status_lines, status_object, warn_if_stale
from bot.settings import Settings
from index.build import BuildReport
from index.encoders import Choice
from index.errors import EmptyCorpusError, UnreadableFileError
from index.generations import Generations
from index.manifest import FORMAT_VERSION
from index.served.layout import Facts
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()
CHOICE = Choice(encoder=ENCODER, reason="it is for tests")


def report_of(*, documents: int, passages: int, furniture: dict[str, tuple[str, ...]]) -> str:
    """Return what is said of such a build, every line of it."""
    report = BuildReport(
        generation="g",
        documents=documents,
        passages=passages,
        problems=(),
        furniture=furniture,
    )
    return "\n".join(build_lines(report, verbose=True))


@pytest.mark.usefixtures("documents")
def test_a_build_is_done_once() -> None:
    """The first call builds, the second finds nothing to do, `full` builds all the same."""
    settings = Settings.from_flags()
    first = bring_up_to_date(settings, ENCODER)
    assert first is not None
    assert (first.documents, first.passages, first.problems) == (2, 3, ())
    assert bring_up_to_date(settings, ENCODER) is None
    again = bring_up_to_date(settings, ENCODER, full=True)
    assert again is not None
    assert again.generation != first.generation
    assert Generations(settings.state_dir).current() == again.generation


def test_a_changed_document_is_built_anew(documents: Path) -> None:
    """A document that is new makes the index stale."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    (documents / "mill.txt").write_text("The Mill\n\nThe mill grinds at noon.\n", "utf-8")
    report = bring_up_to_date(settings, ENCODER)
    assert report is not None
    assert report.documents == 3


def test_files_left_out_are_named_on_stderr(
    documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each problem is one line that names the file; a pipe gets no progress bar."""
    (documents / "empty.txt").write_bytes(b"")
    (documents / "table.xyz").write_bytes(b"1")
    report = bring_up_to_date(Settings.from_flags(), ENCODER)
    assert report is not None
    assert report.documents == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = sorted(err.splitlines())
    assert len(lines) == 2
    assert lines[0] == "verbatim: empty.txt: is empty"
    assert lines[1].startswith("verbatim: table.xyz: is of no format read here (")


def test_a_build_of_nothing_leaves_the_index_alone(documents: Path) -> None:
    """With no document left the build fails, and what was live stays so."""
    settings = Settings.from_flags()
    report = bring_up_to_date(settings, ENCODER)
    assert report is not None
    for path in documents.iterdir():
        path.unlink()
    with pytest.raises(EmptyCorpusError):
        bring_up_to_date(settings, ENCODER)
    assert Generations(settings.state_dir).current() == report.generation


def test_a_build_says_what_it_did() -> None:
    """Numbers agree with their nouns, and `verbose` lists what was set aside."""
    assert report_of(documents=2, passages=20, furniture={"seeds/a.txt": ()}) == (
        "built g: 2 documents, 20 passages, 0 lines set aside as page furniture"
    )
    assert report_of(
        documents=1, passages=1, furniture={"seeds/a.txt": ("Connect  to\nshare",)}
    ) == (
        "built g: 1 document, 1 passage, 1 line set aside as page furniture\n"
        "seeds/a.txt: set aside: Connect to share"
    )


def test_a_build_is_brief_by_default() -> None:
    """Without `verbose`, one line says it all."""
    report = BuildReport(
        generation="g",
        documents=1,
        passages=1,
        problems=(UnreadableFileError("a.txt", "is empty"),),
        furniture={"seeds/a.txt": ("Share", "Print")},
    )
    assert list(build_lines(report)) == [
        "built g: 1 document, 1 passage, 2 lines set aside as page furniture"
    ]


def test_a_stale_index_is_warned_of(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on stderr says that answers may be old, the first reason, and how many more."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    warn_if_stale(settings, ENCODER.identity)
    assert capsys.readouterr() == ("", "")
    (documents / "gate.txt").write_text("The Gate\n\nClosed.\n", "utf-8")
    warn_if_stale(settings, ENCODER.identity)
    assert capsys.readouterr().err == (
        "verbatim: the index is not up to date, run `verbatim build`: gate.txt is changed\n"
    )
    (documents / "well.md").unlink()
    warn_if_stale(settings, ENCODER.identity)
    assert capsys.readouterr().err == (
        "verbatim: the index is not up to date, run `verbatim build`: "
        "well.md is gone (and 1 more)\n"
    )


def test_the_state_before_any_build(documents: Path) -> None:
    """Before the first build, the state says that there is none."""
    assert documents.is_dir()
    state = status_object(Settings.from_flags(), CHOICE)
    assert state == {
        "generation": None,
        "created": None,
        "documents": 0,
        "passages": 0,
        "encoder": None,
        "backend": {"name": "sentence-transformers", "reason": "it is for tests"},
        "searches": {},
        "seeds": "seeds",
        "state": ".verbatim",
        "stale": ["nothing has been built yet"],
        "rolled_back_from": None,
        "engine": None,
        "generations": [],
    }
    assert list(status_lines(state)) == [
        "generation  none in .verbatim",
        "backend     sentence-transformers: it is for tests",
        "stale       run `verbatim build`:",
        "            nothing has been built yet",
    ]


class Served:
    """An engine, and the generations on it."""

    address = "http://engine"
    live: str | None = "20260102T000000Z-00000000"

    def names(self) -> list[str]:
        """Return two, of which the newer may be live."""
        return ["20260102T000000Z-00000000", "20260101T000000Z-00000000"]

    def current(self) -> str | None:
        """Return which is live."""
        return self.live

    def facts(self, name: str) -> Facts:
        """Return what one holds."""
        return Facts(
            format=1,
            generation=name,
            created=dt.datetime.now(dt.UTC),
            encoder=ENCODER.identity,
            documents=2,
            passages=36,
            sentences=99,
            languages=("en",),
            newest=(1, 0),
        )


@pytest.mark.parametrize("is_live", [True, False])
def test_where_the_index_is_elsewhere_the_state_is_what_is_there(
    documents: Path, monkeypatch: pytest.MonkeyPatch, *, is_live: bool
) -> None:
    """A machine that only answers has none of its own, and needs none."""
    assert documents.is_dir()
    served = Served()
    if not is_live:
        served.live = None
    monkeypatch.setenv("INDEX_URL", served.address)
    monkeypatch.setattr(state_module, "engine_of", lambda _settings: nullcontext(served))
    monkeypatch.setattr(state_module, "ServedGenerations", lambda _engine: served)
    found = status_object(Settings.from_flags(), CHOICE)
    generation, engine, *_, stale = status_lines(found)
    newer, older = served.names()
    if is_live:
        assert found["engine"] == {
            "url": "http://engine",
            "live": newer,
            "documents": 2,
            "passages": 36,
            "kept": [older],
            "problem": None,
        }
        assert generation == f"generation  {newer}, none of its own in .verbatim"
        assert engine == (
            f"engine      {newer} is live at http://engine: 2 documents, 36 passages; 1 more kept"
        )
        assert stale == "stale       is known where it is built"
    else:
        assert found["engine"]["kept"] == [newer, older]
        assert generation == "generation  none in .verbatim"
        assert engine == "engine      nothing is live at http://engine; 2 more kept"
        assert stale == "            nothing has been built yet"


@pytest.mark.usefixtures("documents")
def test_an_index_of_another_format_is_said_to_be_stale_though_one_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What can't be read any more was built here: this machine doesn't only answer."""
    served = Served()
    settings = Settings.from_flags()
    report = bring_up_to_date(settings, ENCODER)
    assert report is not None
    generation = report.generation
    path = settings.state_dir / "index" / generation / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"format": %d' % FORMAT_VERSION, b'"format": 1'))
    monkeypatch.setenv("INDEX_URL", served.address)
    monkeypatch.setattr(state_module, "engine_of", lambda _settings: nullcontext(served))
    monkeypatch.setattr(state_module, "ServedGenerations", lambda _engine: served)
    first, *_, reason = status_lines(status_object(Settings.from_flags(), CHOICE))
    assert first == "generation  none in .verbatim"
    assert reason == (
        f"            the index {generation} has format 1, this version reads {FORMAT_VERSION}: "
        "run `verbatim build --full`"
    )


@pytest.mark.usefixtures("documents")
def test_the_state_after_a_build() -> None:
    """After a build, the state names the generation and what is in it."""
    settings = Settings.from_flags()
    report = bring_up_to_date(settings, ENCODER)
    assert report is not None
    state = status_object(settings, CHOICE)
    created = Generations(settings.state_dir).manifest().created
    assert state == {
        "generation": report.generation,
        "created": created.isoformat(),
        "documents": 2,
        "passages": 3,
        "encoder": {
            "name": "fake",
            "revision": None,
            "weights_sha256": f"{64:064x}",
            "backend": "sentence-transformers",
        },
        "backend": {"name": "sentence-transformers", "reason": "it is for tests"},
        "searches": {
            "passages": {"kind": "flat", "vectors": 3, "recall": 1.0, "probes": 0},
            "sentences": {"kind": "flat", "vectors": 3, "recall": 1.0, "probes": 0},
        },
        "seeds": "seeds",
        "state": ".verbatim",
        "stale": [],
        "rolled_back_from": None,
        "engine": None,
        "generations": [
            {
                "generation": report.generation,
                "is": "live",
                "created": created.isoformat(),
                "documents": 2,
                "passages": 3,
                "encoder": "fake",
                "problem": None,
            }
        ],
    }
    assert list(status_lines(state)) == [
        f"generation  {report.generation}",
        "documents   2 from seeds",
        "passages    3",
        "encoder     fake",
        "backend     sentence-transformers: it is for tests",
        "stale       nothing",
    ]


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize("kind", ["fp16", "ivf"])
def test_how_vectors_are_kept_can_be_set(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A build keeps them so; the state says it, and how much of the true best is found."""
    monkeypatch.setenv("VECTOR_INDEX", kind)
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    state = status_object(settings, CHOICE)
    passages = state["searches"]["passages"]
    assert (passages["kind"], passages["vectors"], passages["recall"]) == (kind, 3, 1.0)
    assert [line for line in status_lines(state) if line.startswith("vectors")] == [
        f"vectors     3 of passages: {kind}, recall@10 1.000",
        f"vectors     3 of sentences: {kind}, recall@10 1.000",
    ]


@pytest.mark.usefixtures("documents")
def test_another_encoder_makes_the_index_stale() -> None:
    """An index of another encoder's vectors has to be built again."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    other = Choice(encoder=FakeEncoder(name="other"), reason="it is for tests")
    assert status_object(settings, other)["stale"] == [
        "the encoder was fake (sentence-transformers), it is now other (sentence-transformers)"
    ]


@pytest.mark.usefixtures("documents")
def test_a_damaged_index_is_a_state_too() -> None:
    """A pointer to nothing is reported as stale, with what mends it."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    (settings.state_dir / "index" / "CURRENT").write_text("nonsense\n", "utf-8")
    state = status_object(settings, CHOICE)
    assert state["generation"] is None
    [reason] = state["stale"]
    assert "CURRENT: names no generation" in reason
    assert bring_up_to_date(settings, ENCODER) is not None
    assert status_object(settings, CHOICE)["stale"] == []


def test_progress_is_silent_through_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Where stderr is no terminal, no bar is drawn."""
    with progress_bar("Working") as progress:
        progress(1, 2)
        progress(2, 2)
    assert capsys.readouterr() == ("", "")


def test_progress_is_shown_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a terminal the bar says what is done, on stderr."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("Working") as progress:
        progress(1, 2)
        progress(2, 2)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Working" in err
    assert "2/2" in err


def test_messages_are_not_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    """What is said on stderr stays on its line, brackets and all."""
    text = "a [b] " * 60 + "end"
    stderr_console().print(text, style="dim")
    assert capsys.readouterr() == ("", f"{text}\n")
