"""From a folder of documents to a live index."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import BuildReport, build, index_documents
from index.documents import EXTRACTION_VERSION, ParsedDocument, parse_document
from index.errors import CorpusError, EmptyCorpusError, SourcesFileError, StateFolderError
from index.generation import Generation
from index.generations import Generations
from index.history import History
from index.outline import Difference
from index.promotion import Judgement
from index.readers import Block, Extract
from index.searches import Measured
from index.seeds import fingerprints_of
from index.sources import Metadata
from index.staleness import staleness
from tests.fakes import FakeEncoder

GATE = ("The gate stood open. Nobody closed it.", "He walked through, the guard said.")
WELL = ("The well was dry. They dug for days.",)
ENGLISH = (
    "The officer said that he left the army because he had been ordered to fire on people "
    "in the town, and that many of his men went with him."
)


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Leave out `fsync`: that builds outlive a power cut is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture
def seeds(seeds_dir: Path) -> Path:
    """Return a folder of two documents, one of them with its title and publisher stated."""
    (seeds_dir / "gate.txt").write_text("\n\n".join(GATE))
    (seeds_dir / "well.md").write_text("\n\n".join(WELL))
    (seeds_dir / "sources.toml").write_text(
        '["gate.txt"]\ntitle = "The Gate"\npublisher = "The Gazette"\n'
    )
    return seeds_dir


def document(name: str, *paragraphs: str, language: str | None = None) -> ParsedDocument:
    """Return a document of paragraphs, as a reader would have it."""
    return parse_document(
        Extract(blocks=[Block(text=text) for text in paragraphs], metadata=Metadata()),
        name=name,
        folder="seeds",
        stated=Metadata(language=language),
    )


def indexed(state_dir: Path, *documents: ParsedDocument) -> Generation:
    """Make an index of documents live and return it."""
    index_documents(documents, state_dir, FakeEncoder(), seeds={})
    return live(state_dir)


def live(state_dir: Path) -> Generation:
    """Return the live generation."""
    return Generations(state_dir).load()[0]


def as_if_built(seeds_dir: Path, state_dir: Path) -> str:
    """Make a generation live whose manifest says that it was made of the folder as it is."""
    generations = Generations(state_dir)
    name = generations.write(
        _nothing_to_search,
        documents=2,
        passages=3,
        encoder=FakeEncoder().identity,
        extraction=EXTRACTION_VERSION,
        seeds=fingerprints_of(seeds_dir),
    )
    generations.make_live(name)
    return name


def _nothing_to_search(folder: Path) -> dict[str, Measured]:
    (folder / "words.txt").touch()
    return {}


def files(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def reasons(seeds_dir: Path, state_dir: Path) -> list[str]:
    """Return the reasons to build, with the usual encoder."""
    return list(staleness(seeds_dir, state_dir, FakeEncoder().identity).reasons)


def test_the_whole_way_from_files_to_a_live_generation(seeds: Path, state_dir: Path) -> None:
    """The report says what was done and what was left out; the index holds it verbatim."""
    (seeds / "picture.png").write_bytes(b"\x89PNG")
    (seeds / "empty.txt").write_text(" \n")
    (seeds / "gate.txt").write_text("\n\n".join([*GATE, "Click for more"]))
    report = build(seeds, state_dir, FakeEncoder())
    assert report == BuildReport(
        generation=str(Generations(state_dir).current()),
        documents=2,
        passages=3,
        problems=report.problems,
        furniture={"seeds/gate.txt": ("Click for more",), "seeds/well.md": ()},
        judgement=Judgement(
            against=None,
            difference=Difference(
                documents_added=("seeds/gate.txt", "seeds/well.md"),
                documents_changed=(),
                documents_removed=(),
                passages_added=3,
                passages_changed=0,
                passages_removed=0,
            ),
            right=0,
            asked=0,
        ),
    )
    assert sorted(problem.path for problem in report.problems) == ["empty.txt", "picture.png"]
    generation = live(state_dir)
    assert [passage.text for passage in generation.passages] == [*GATE, *WELL]
    assert [(each.number, each.of) for each in generation.passages] == [(1, 2), (2, 2), (1, 1)]
    assert [each.source.title for each in generation.documents] == ["The Gate", "well"]
    assert generation.documents[0].source.publisher == "The Gazette"
    assert generation.documents[0].text.endswith("Click for more")
    assert len(generation.sentence_vectors) == 5
    manifest = Generations(state_dir).manifest()
    assert manifest.documents == 2
    assert manifest.passages == 3
    assert manifest.encoder == FakeEncoder().identity
    assert manifest.seeds == fingerprints_of(seeds)
    assert manifest.extraction == EXTRACTION_VERSION
    assert reasons(seeds, state_dir) == []
    assert files(state_dir / "index") == [
        report.generation,
        "CURRENT",
        "build.lock",
        "history.json",
        "segments",
    ]
    assert files(state_dir / "cache") == ["build.db", "stamps.json"]


def test_equal_seeds_make_equal_passages(seeds: Path, tmp_path: Path) -> None:
    """Ids included, in another generation of another folder."""
    build(seeds, tmp_path / "one", FakeEncoder())
    build(seeds, tmp_path / "two", FakeEncoder())
    one, two = live(tmp_path / "one"), live(tmp_path / "two")
    assert list(one.passages) == list(two.passages)
    assert list(one.documents) == list(two.documents)
    assert one.name != two.name


@pytest.mark.parametrize("bad", ["empty folder", "no folder", "nothing readable", "bad sources"])
def test_where_nothing_can_be_read_the_live_index_stays(
    seeds: Path, state_dir: Path, tmp_path: Path, bad: str
) -> None:
    """The error is typed; no generation is left behind, and nothing is learned of it."""
    before = as_if_built(seeds, state_dir)
    other = tmp_path / "other"
    if bad != "no folder":
        other.mkdir()
    if bad == "nothing readable":
        (other / "picture.png").write_bytes(b"\x89PNG")
        (other / "empty.txt").write_text("")
    if bad == "bad sources":
        (other / "gate.txt").write_text(GATE[0])
        (other / "sources.toml").write_text("not toml")
    with pytest.raises(CorpusError) as caught:
        build(other, state_dir, FakeEncoder())
    assert isinstance(caught.value, SourcesFileError) == (bad == "bad sources")
    assert Generations(state_dir).current() == before
    assert files(state_dir / "index") == [before, "CURRENT", "build.lock", "history.json"]
    assert Generations(state_dir).history() == History(promoted=(before,))
    assert files(state_dir / "cache") == ["build.db"]


def test_nothing_readable_says_why_for_each_file(seeds_dir: Path, state_dir: Path) -> None:
    """And leaves no generation: only the lock that it held, and the cache that it looked into."""
    (seeds_dir / "picture.png").write_bytes(b"\x89PNG")
    (seeds_dir / "empty.txt").write_text("")
    with pytest.raises(EmptyCorpusError, match="nothing was built") as caught:
        build(seeds_dir, state_dir, FakeEncoder())
    assert {problem.path for problem in caught.value.problems} == {"empty.txt", "picture.png"}
    assert files(state_dir / "index") == ["build.lock"]
    assert files(state_dir / "cache") == ["build.db"]
    assert reasons(seeds_dir, state_dir) == ["nothing has been built yet"]


def test_a_state_folder_that_cannot_be_written_is_a_typed_error(state_dir: Path) -> None:
    """A file is in its place."""
    state_dir.write_text("in the way")
    with pytest.raises(StateFolderError, match="can't be written"):
        index_documents([document("a.txt", *GATE)], state_dir, FakeEncoder(), seeds={})


def test_indexing_gives_back_the_name_and_the_number_of_passages(state_dir: Path) -> None:
    """And keeps what the documents were read from."""
    documents = [document("gate.txt", *GATE), document("well.md", *WELL)]
    found = index_documents(documents, state_dir, FakeEncoder(), seeds={"gate.txt": "f" * 64})
    assert found == (Generations(state_dir).current(), 3)
    assert Generations(state_dir).manifest().seeds == {"gate.txt": "f" * 64}


def test_the_stated_title_is_context_for_words_and_vectors(state_dir: Path) -> None:
    """A passage is found by its document's title too, which the name of a file is not."""
    titled = parse_document(
        Extract(blocks=[Block(text=GATE[0])], metadata=Metadata()),
        name="gate.txt",
        folder="seeds",
        stated=Metadata(title="The Old Bridge", language="en"),
    )
    generation = indexed(state_dir, titled, document("bridge.txt", *WELL, language="en"))
    rows = generation.document_rows
    assert generation.terms.occurrences(["bridg"], rows).tolist() == [[1], [0]]
    assert generation.vectors.vectors(rows) == pytest.approx(
        FakeEncoder().encode_passages([f"The Old Bridge. {GATE[0]}", WELL[0]]), abs=1e-6
    )


def test_a_passage_keeps_its_id_whatever_else_changes(state_dir: Path) -> None:
    """Another paragraph before it, another title, another document."""
    before = {
        passage.text: passage.id
        for passage in indexed(state_dir, document("gate.txt", *GATE)).passages
    }
    changed = parse_document(
        Extract(
            blocks=[Block(text=text) for text in ("It began at night.", *GATE)],
            metadata=Metadata(),
        ),
        name="gate.txt",
        folder="seeds",
        stated=Metadata(title="Another title"),
    )
    after = {
        passage.text: passage.id
        for passage in indexed(state_dir, document("another.txt", *GATE), changed).passages
        if passage.document_id == changed.document.id
    }
    assert {text: after[text] for text in before} == before


def test_languages_stated_win_over_detected_ones(state_dir: Path) -> None:
    """English text: stated as German, detected, and taken from the most for a short one."""
    documents = indexed(
        state_dir,
        document("a.txt", ENGLISH, language="de-AT"),
        document("b.txt", ENGLISH),
        document("c.txt", *WELL),
    ).documents
    assert [each.language for each in documents] == ["de", "en", "en"]
    assert [each.source.language for each in documents] == ["de-AT", None, None]


def test_terms_are_those_of_the_documents_language(state_dir: Path) -> None:
    """The same text under two names, stated as two languages."""
    generation = indexed(
        state_dir,
        document("a.txt", "The houses were empty.", language="en"),
        document("b.txt", "The houses were empty.", language="xx"),
    )
    occurrences = generation.terms.occurrences(["hous", "the"], generation.document_rows)
    assert occurrences.tolist() == [[1, 0], [0, 1]]


def test_progress_is_told_in_passages(state_dir: Path) -> None:
    """The last call says that all are done."""
    calls: list[tuple[int, int]] = []
    index_documents(
        [document("gate.txt", *GATE)],
        state_dir,
        FakeEncoder(),
        seeds={},
        progress=lambda done, of: calls.append((done, of)),
    )
    assert calls[-1] == (2, 2)


def test_no_passage_is_longer_than_the_encoder_reads(state_dir: Path) -> None:
    """Eight tokens, two of them special; no word is lost."""
    encoder = FakeEncoder(max_tokens=8)
    index_documents([document("gate.txt", *GATE)], state_dir, encoder, seeds={})
    texts = [passage.text for passage in live(state_dir).passages]
    assert max(encoder.count_tokens(texts)) <= 8
    assert " ".join(texts).split() == " ".join(GATE).split()


def test_before_the_first_build_all_is_stale(seeds: Path, state_dir: Path) -> None:
    """And looking builds nothing."""
    assert reasons(seeds, state_dir) == ["nothing has been built yet"]
    assert not state_dir.exists()


def test_after_a_build_nothing_is_stale(seeds: Path, state_dir: Path) -> None:
    """Nor after a look, or a file written again with the same bytes, or one of no format."""
    as_if_built(seeds, state_dir)
    (seeds / "gate.txt").write_bytes((seeds / "gate.txt").read_bytes())
    (seeds / "picture.png").write_bytes(b"\x89PNG")
    assert reasons(seeds, state_dir) == []
    assert reasons(seeds, state_dir) == []


def test_new_gone_and_changed_files_are_named(seeds: Path, state_dir: Path) -> None:
    """Kind by kind, by name; control characters of a name are escaped."""
    as_if_built(seeds, state_dir)
    (seeds / "b\x1b.txt").write_text("New.")
    (seeds / "a.txt").write_text("New.")
    (seeds / "well.md").unlink()
    (seeds / "gate.txt").write_text("Another.")
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
    as_if_built(seeds, state_dir)
    other = FakeEncoder(name="other").identity
    assert list(staleness(seeds, state_dir, other).reasons) == [
        "the encoder was fake (sentence-transformers), it is now other (sentence-transformers)"
    ]
    reweighed = replace(FakeEncoder().identity, weights_sha256="f" * 64)
    assert len(list(staleness(seeds, state_dir, reweighed).reasons)) == 1


def test_another_way_of_reading_files_makes_it_stale(
    seeds: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer version may find other paragraphs in the same bytes."""
    as_if_built(seeds, state_dir)
    monkeypatch.setattr("index.staleness.EXTRACTION_VERSION", EXTRACTION_VERSION + 1)
    assert reasons(seeds, state_dir) == ["files are read in another way than they were"]


def test_a_missing_folder_of_documents_is_said(
    seeds: Path, state_dir: Path, tmp_path: Path
) -> None:
    """With what else is stale."""
    as_if_built(seeds, state_dir)
    other = FakeEncoder(name="other").identity
    assert list(staleness(tmp_path / "nowhere", state_dir, other).reasons) == [
        "the encoder was fake (sentence-transformers), it is now other (sentence-transformers)",
        f"{tmp_path / 'nowhere'} is not a folder: put documents there, or name another",
    ]


def test_a_damaged_index_is_stale(seeds: Path, state_dir: Path) -> None:
    """For the reason that its error gives."""
    as_if_built(seeds, state_dir)
    (state_dir / "index" / "CURRENT").write_text("garbage")
    (found,) = reasons(seeds, state_dir)
    assert "names no generation" in found
