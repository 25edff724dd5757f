"""From a folder of documents to a live index."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index import build as build_module
from index.build import BuildReport, build, index_documents, stale_reasons
from index.corpus import read_corpus
from index.errors import CorpusError, EmptyCorpusError, SourcesFileError, StateFolderError
from index.generation import Generation
from index.generations import Generations
from tests.fakes import FakeEncoder

GATE = "The gate stood open. Nobody closed it.\n\nHe walked through, the guard said.\n"
WELL = "The well was dry. They dug for days.\n"
ENGLISH = (
    "The officer said that he left the army because he had been ordered to fire on people "
    "in the town, and that many of his men went with him.\n"
)


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Leave out `fsync`: that builds outlive a power cut is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


def live(state_dir: Path) -> Generation:
    """Return the live generation."""
    return Generations(state_dir).load()[0]


def reasons(seeds_dir: Path, state_dir: Path) -> list[str]:
    """Return the reasons to build, with the usual encoder."""
    return stale_reasons(seeds_dir, state_dir, FakeEncoder().identity)


@pytest.fixture
def seeds(seeds_dir: Path) -> Path:
    """Return a folder of two documents, one of them with its title and publisher stated."""
    (seeds_dir / "gate.txt").write_text(GATE)
    (seeds_dir / "well.md").write_text(WELL)
    (seeds_dir / "sources.toml").write_text(
        '["gate.txt"]\ntitle = "The Gate"\npublisher = "The Gazette"\n'
    )
    return seeds_dir


def test_the_whole_way_from_files_to_a_live_generation(seeds: Path, state_dir: Path) -> None:
    """The report says what was done; the index holds every paragraph, verbatim."""
    report = build(seeds, state_dir, FakeEncoder())
    assert report == BuildReport(
        generation=str(Generations(state_dir).current()),
        documents=2,
        passages=3,
        problems=(),
        furniture={"seeds/gate.txt": (), "seeds/well.md": ()},
    )
    generation = live(state_dir)
    assert [passage.text for passage in generation.passages] == [
        "The gate stood open. Nobody closed it.",
        "He walked through, the guard said.",
        "The well was dry. They dug for days.",
    ]
    assert [(passage.number, passage.of) for passage in generation.passages] == [
        (1, 2),
        (2, 2),
        (1, 1),
    ]
    assert [document.source.title for document in generation.documents] == ["The Gate", "well"]
    assert generation.documents[0].source.publisher == "The Gazette"
    assert len(generation.sentence_vectors) == 5
    _, manifest = Generations(state_dir).load()
    assert manifest.documents == 2
    assert manifest.passages == 3
    assert manifest.encoder == FakeEncoder().identity
    assert set(manifest.seeds) == {"gate.txt", "sources.toml", "well.md"}


def test_the_stated_title_is_context_for_words_and_vectors(seeds: Path, state_dir: Path) -> None:
    """A passage is found by its document's title, which a file's name is not."""
    build(seeds, state_dir, FakeEncoder())
    generation = live(state_dir)
    assert generation.terms.lengths[0] > generation.terms.lengths[1]
    vector = generation.vectors.vectors(generation.document_rows[:1])[0]
    (expected,) = FakeEncoder().encode_passages(
        ["The Gate. The gate stood open. Nobody closed it."]
    )
    assert vector == pytest.approx(expected, abs=1e-6)


def test_files_that_cannot_be_read_are_reported_and_the_rest_is_built(
    seeds: Path, state_dir: Path
) -> None:
    """One bad file is no reason to have no index."""
    (seeds / "picture.png").write_bytes(b"\x89PNG")
    (seeds / "empty.txt").write_text(" \n")
    report = build(seeds, state_dir, FakeEncoder())
    assert report.documents == 2
    assert sorted(problem.path for problem in report.problems) == ["empty.txt", "picture.png"]


def test_lines_set_aside_are_reported_by_path(seeds_dir: Path, state_dir: Path) -> None:
    """They stay in the document's text and make no passage."""
    (seeds_dir / "gate.txt").write_text(f"{GATE}\nClick for more\n")
    report = build(seeds_dir, state_dir, FakeEncoder())
    assert report.furniture == {"seeds/gate.txt": ("Click for more",)}
    assert report.passages == 2
    assert "Click for more" in live(state_dir).documents[0].text


@pytest.mark.parametrize("bad", ["empty folder", "no folder", "nothing readable", "bad sources"])
def test_where_nothing_can_be_read_the_live_index_stays(
    seeds: Path, state_dir: Path, tmp_path: Path, bad: str
) -> None:
    """The error is typed and nothing is left behind."""
    before = build(seeds, state_dir, FakeEncoder()).generation
    other = tmp_path / "other"
    if bad != "no folder":
        other.mkdir()
    if bad == "nothing readable":
        (other / "picture.png").write_bytes(b"\x89PNG")
        (other / "empty.txt").write_text("")
    if bad == "bad sources":
        (other / "gate.txt").write_text(GATE)
        (other / "sources.toml").write_text("not toml")
    with pytest.raises(CorpusError) as caught:
        build(other, state_dir, FakeEncoder())
    assert isinstance(caught.value, SourcesFileError) == (bad == "bad sources")
    assert Generations(state_dir).current() == before
    assert len(list((state_dir / "index").iterdir())) == 2
    assert len(live(state_dir).passages) == 3


def test_nothing_readable_says_why_for_each_file(seeds_dir: Path, state_dir: Path) -> None:
    """And writes nothing."""
    (seeds_dir / "picture.png").write_bytes(b"\x89PNG")
    (seeds_dir / "empty.txt").write_text("")
    with pytest.raises(EmptyCorpusError, match="nothing was built") as caught:
        build(seeds_dir, state_dir, FakeEncoder())
    assert {problem.path for problem in caught.value.problems} == {"empty.txt", "picture.png"}
    assert not state_dir.exists()


def test_a_state_folder_that_cannot_be_written_is_a_typed_error(
    seeds: Path, state_dir: Path
) -> None:
    """A file is in its place."""
    state_dir.write_text("in the way")
    with pytest.raises(StateFolderError, match="can't be written"):
        build(seeds, state_dir, FakeEncoder())


def test_equal_seeds_make_equal_passages(seeds: Path, tmp_path: Path) -> None:
    """Ids included, in another generation of another folder."""
    build(seeds, tmp_path / "one", FakeEncoder())
    build(seeds, tmp_path / "two", FakeEncoder())
    one, two = live(tmp_path / "one"), live(tmp_path / "two")
    assert one.passages == two.passages
    assert one.documents == two.documents
    assert one.name != two.name


def test_a_passage_keeps_its_id_whatever_else_changes(seeds: Path, state_dir: Path) -> None:
    """Another document, another paragraph, another title."""
    build(seeds, state_dir, FakeEncoder())
    before = {passage.text: passage.id for passage in live(state_dir).passages}
    (seeds / "gate.txt").write_text(f"It began at night.\n\n{GATE}")
    (seeds / "sources.toml").unlink()
    (seeds / "another.txt").write_text("Another story.\n\nIt goes on.\n")
    build(seeds, state_dir, FakeEncoder())
    after = {passage.text: passage.id for passage in live(state_dir).passages}
    assert {text: after[text] for text in before} == before


def test_languages_stated_win_over_detected_ones(seeds_dir: Path, state_dir: Path) -> None:
    """English text: stated as German here, detected there, taken from the most for a short one."""
    (seeds_dir / "a.txt").write_text(ENGLISH)
    (seeds_dir / "b.txt").write_text(ENGLISH)
    (seeds_dir / "c.txt").write_text(WELL)
    (seeds_dir / "sources.toml").write_text('["a.txt"]\nlanguage = "de-AT"\n')
    build(seeds_dir, state_dir, FakeEncoder())
    documents = live(state_dir).documents
    assert [document.language for document in documents] == ["de", "en", "en"]
    assert [document.source.language for document in documents] == ["de-AT", None, None]


def test_terms_are_those_of_the_documents_language(seeds_dir: Path, state_dir: Path) -> None:
    """The same text under two names, stated as two languages."""
    for name in ("a.txt", "b.txt"):
        (seeds_dir / name).write_text("The houses were empty.\n")
    (seeds_dir / "sources.toml").write_text(
        '["a.txt"]\nlanguage = "en"\n["b.txt"]\nlanguage = "xx"\n'
    )
    build(seeds_dir, state_dir, FakeEncoder())
    generation = live(state_dir)
    rows = generation.document_rows
    assert generation.terms.occurrences(["hous", "the"], rows).tolist() == [[1, 0], [0, 1]]


def test_progress_is_told_in_passages(seeds: Path, state_dir: Path) -> None:
    """The last call says that all are done."""
    calls: list[tuple[int, int]] = []
    build(seeds, state_dir, FakeEncoder(), lambda done, of: calls.append((done, of)))
    assert calls[-1] == (3, 3)


def test_no_passage_is_longer_than_the_encoder_reads(seeds: Path, state_dir: Path) -> None:
    """Ten tokens, two of them special: each sentence of four or three words by itself."""
    encoder = FakeEncoder(max_tokens=8)
    build(seeds, state_dir, encoder)
    texts = [passage.text for passage in live(state_dir).passages]
    assert max(encoder.count_tokens(texts)) <= 8
    words = " ".join(texts).split()
    assert words == f"{GATE} {WELL}".split()


def test_documents_may_come_from_elsewhere(seeds: Path, state_dir: Path) -> None:
    """A collection is indexed without a folder of files; the name and the count come back."""
    documents = read_corpus(seeds).documents
    assert index_documents(documents, state_dir, FakeEncoder(), seeds={}) == (
        Generations(state_dir).current(),
        3,
    )
    assert Generations(state_dir).manifest().seeds == {}


def test_before_the_first_build_all_is_stale(seeds: Path, state_dir: Path) -> None:
    """And looking builds nothing."""
    assert reasons(seeds, state_dir) == ["nothing has been built yet"]
    assert not state_dir.exists()


def test_after_a_build_nothing_is_stale(seeds: Path, state_dir: Path) -> None:
    """Nor after a look, or a file written again with the same bytes."""
    build(seeds, state_dir, FakeEncoder())
    (seeds / "gate.txt").write_text(GATE)
    assert reasons(seeds, state_dir) == []
    assert reasons(seeds, state_dir) == []


def test_a_file_that_no_build_can_read_is_not_stale_for_ever(seeds: Path, state_dir: Path) -> None:
    """It is left out of every build; only its bytes count, where they can be read."""
    (seeds / "picture.png").write_bytes(b"\x89PNG")
    (seeds / "empty.txt").write_text("")
    build(seeds, state_dir, FakeEncoder())
    assert reasons(seeds, state_dir) == []


def test_new_gone_and_changed_files_are_named(seeds: Path, state_dir: Path) -> None:
    """Kind by kind, by name; control characters of a name are escaped."""
    build(seeds, state_dir, FakeEncoder())
    (seeds / "b\x1b.txt").write_text(WELL)
    (seeds / "a.txt").write_text(WELL)
    (seeds / "well.md").unlink()
    (seeds / "gate.txt").write_text(GATE + "More.\n")
    (seeds / "sources.toml").write_text("")
    assert reasons(seeds, state_dir) == [
        "a.txt is new",
        "b\\x1b.txt is new",
        "well.md is gone",
        "gate.txt is changed",
        "sources.toml is changed",
    ]


def test_another_encoder_makes_it_stale(seeds: Path, state_dir: Path) -> None:
    """By name, and by weights under one name."""
    build(seeds, state_dir, FakeEncoder())
    other = FakeEncoder(name="other").identity
    assert stale_reasons(seeds, state_dir, other) == ["the encoder was fake, it is now other"]
    reweighed = replace(FakeEncoder().identity, weights_sha256="f" * 64)
    assert len(stale_reasons(seeds, state_dir, reweighed)) == 1


def test_another_way_of_reading_files_makes_it_stale(
    seeds: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer version may find other paragraphs in the same bytes."""
    build(seeds, state_dir, FakeEncoder())
    monkeypatch.setattr(build_module, "EXTRACTION_VERSION", 999)
    assert reasons(seeds, state_dir) == ["files are read in another way than they were"]


def test_a_missing_folder_of_documents_is_said(
    seeds: Path, state_dir: Path, tmp_path: Path
) -> None:
    """With what else is stale."""
    build(seeds, state_dir, FakeEncoder())
    other = FakeEncoder(name="other").identity
    found = stale_reasons(tmp_path / "nowhere", state_dir, other)
    assert found == [
        "the encoder was fake, it is now other",
        f"{tmp_path / 'nowhere'} is not a folder: put documents there, or name another",
    ]


def test_a_damaged_index_is_stale(seeds: Path, state_dir: Path) -> None:
    """For the reason that its error gives, and a build mends it."""
    build(seeds, state_dir, FakeEncoder())
    (state_dir / "index" / "CURRENT").write_text("garbage")
    (found,) = reasons(seeds, state_dir)
    assert "names no generation" in found
    build(seeds, state_dir, FakeEncoder())
    assert reasons(seeds, state_dir) == []
