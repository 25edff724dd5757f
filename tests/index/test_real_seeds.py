"""The project's own documents, read as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.passages import passages_of
from index.types import Source
from tests.index.here import read_corpus
from tests.index.test_corpus import bodies

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import FakeEncoder


def test_the_first_real_document_is_read_as_a_person_reads_it(real_seeds: Path) -> None:
    """Its title, twelve paragraphs, one line of furniture, and the byline at its end."""
    parsed = read_corpus(real_seeds).documents[0]
    assert parsed.document.source == Source(
        title="Soldiers in Syria defect", path="seeds/000_1bf1e6427b6696ba.txt", language="en"
    )
    assert parsed.furniture == ("Connect to share and comment",)
    paragraphs = bodies(parsed)
    assert len(paragraphs) == 12
    assert paragraphs[0] == (
        "Syrian troops defy orders to kill unarmed protesters during latest offensive in "
        "Jisr al-Shughour."
    )
    assert paragraphs[11] == (
        "Hugh Macleod and Annasofie Flamand reported from Beirut, Lebanon with reporters in Syria."
    )


def test_the_second_real_document_is_read_as_a_person_reads_it(real_seeds: Path) -> None:
    """Its title, eight paragraphs, and six lines that are about the page."""
    parsed = read_corpus(real_seeds).documents[1]
    assert parsed.document.source == Source(
        title="Syrian army defector: I was ordered to commit genocide",
        path="seeds/004_a529ca156a8af02b.txt",
        language="en",
    )
    assert parsed.furniture == (
        "Hama residents duck to avoid bullets from Syrian army 311 R (photo credit: REUTERS)",
        "Hama residents duck to avoid bullets from Syrian army 311 R",
        "(photo credit: REUTERS)",
        "United States urges its citizens to leave Syria immediately",
        "'Dozens killed in Hama as Syrian tanks, snipers deployed'",
        "Click for full Jpost coverage of turmoil in the Middle East",
    )
    assert [" ".join(paragraph.split()[:3]) for paragraph in bodies(parsed)] == [
        "Hundreds of officers",
        "Ahmed Khalaf, a",
        '"I, along with',
        "In an interview",
        "Khalaf explained that",
        "Lieutenant Khalaf managed",
        "Syrian security forces",
        "The four-month-old uprising",
    ]


def test_the_real_documents_are_read_without_a_problem(real_seeds: Path) -> None:
    """Two documents, and nothing left out."""
    read = read_corpus(real_seeds)
    assert len(read.documents) == 2
    assert read.problems == ()


def test_no_passage_of_the_real_documents_is_furniture_or_title(
    real_seeds: Path, fake_encoder: FakeEncoder
) -> None:
    """What was set aside can't come back as an answer."""
    for parsed in read_corpus(real_seeds).documents:
        texts = [passage.text for passage in passages_of(parsed, fake_encoder)]
        for line in [*parsed.furniture, parsed.document.source.title]:
            assert not any(line in text for text in texts)


def test_no_word_of_the_real_documents_is_lost(real_seeds: Path) -> None:
    """The canonical text has the file's characters in their order, white space aside."""
    for parsed in read_corpus(real_seeds).documents:
        written = (real_seeds.parent / parsed.document.source.path).read_text("utf-8")
        assert parsed.document.text.split() == written.split()
