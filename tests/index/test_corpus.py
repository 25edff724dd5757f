"""The folder of documents."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from index import seeds
from index.errors import CorpusError, SourcesFileError, UnreadableFileError
from index.passages import passages_of
from index.seeds import SeedFile, fingerprints_of, seed_files
from index.types import Source
from tests.index.here import read_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from index.documents import ParsedDocument
    from tests.fakes import FakeEncoder

STORY = (
    "The old gate at the north end of the town stood open all night, the guard said.\n\n"
    "Nobody came to close it before the morning, when he returned from the village.\n"
)
READ = [
    "The old gate at the north end of the town stood open all night, the guard said.",
    "Nobody came to close it before the morning, when he returned from the village.",
]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06\x00\x00\x00"

needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="this system has none")

KNOWN = "(.csv .docx .epub .htm .html .jsonl .markdown .md .pdf .text .txt .xhtml)"


class Hanging(BaseException):
    """Something waited for what never comes."""


@contextmanager
def without_waiting(timeout_s: float = 60.0) -> Iterator[None]:
    """Let nothing in the block hang for longer."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Hanging

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, timeout_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def story(seeds_dir: Path) -> Path:
    """Put one good document into the folder, and return the folder."""
    (seeds_dir / "story.txt").write_text(STORY, "utf-8")
    return seeds_dir


def paths(seeds_dir: Path) -> list[str]:
    """Return the cited path of each document that was read."""
    return [parsed.document.source.path for parsed in read_corpus(seeds_dir).documents]


def problems(seeds_dir: Path) -> list[str]:
    """Return what is said of each file that was left out."""
    return [str(problem) for problem in read_corpus(seeds_dir).problems]


def bodies(parsed: ParsedDocument) -> list[str]:
    """Return the text of each paragraph."""
    return [parsed.document.text[slice(*paragraph.span)] for paragraph in parsed.paragraphs]


def test_documents_are_read_in_the_order_of_their_paths(seeds_dir: Path) -> None:
    """Nested folders and both formats, each under its path from the folder's name on."""
    for name in ("b.txt", "a/z.md", "a/b/c.text", "a.markdown", "C.TXT"):
        path = seeds_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STORY)
    assert paths(seeds_dir) == [
        "seeds/C.TXT",
        "seeds/a.markdown",
        "seeds/a/b/c.text",
        "seeds/a/z.md",
        "seeds/b.txt",
    ]
    assert problems(seeds_dir) == []


def test_hidden_files_and_folders_are_passed_over(story: Path) -> None:
    """A name that begins with a point is no document and no problem."""
    (story / ".hidden.txt").write_text(STORY)
    (story / ".DS_Store").write_bytes(PNG)
    (story / ".git").mkdir()
    (story / ".git" / "a.txt").write_text(STORY)
    assert paths(story) == ["seeds/story.txt"]
    assert problems(story) == []


def test_an_empty_folder_is_an_empty_corpus(seeds_dir: Path) -> None:
    """Nothing there is nothing wrong; the build says so."""
    read = read_corpus(seeds_dir)
    assert (read.documents, read.fingerprints, read.problems) == ((), {}, ())


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """The message names the folder and says what to do."""
    missing = tmp_path / "missing"
    with pytest.raises(CorpusError) as error:
        read_corpus(missing)
    assert str(error.value) == (f"{missing} is not a folder: put documents there, or name another")


def test_a_file_in_place_of_the_folder_is_an_error(story: Path) -> None:
    """A single file can't be the folder."""
    with pytest.raises(CorpusError, match="is not a folder"):
        read_corpus(story / "story.txt")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.txt", b"", "empty.txt: is empty"),
        ("blank.md", b" \r\n\t\n", "blank.md: is empty"),
        ("mark.txt", b"\xef\xbb\xbf", "mark.txt: holds no paragraph of text"),
        ("head.md", b"# Only a heading\n", "head.md: holds no paragraph of text"),
        ("link.txt", b"https://example.org\n", "link.txt: holds no paragraph of text"),
        ("picture.txt", PNG, "picture.txt: looks like a binary file, not text"),
        ("zeros.md", bytes(1000), "zeros.md: looks like a binary file, not text"),
        ("half.txt", b"\xff\xfeab\x00", "half.txt: is damaged: not valid utf-16"),
        (
            "picture.png",
            PNG,
            f"picture.png: is of no format read here {KNOWN}",
        ),
        (
            "README",
            b"x",
            f"README: is of no format read here {KNOWN}",
        ),
        ("a\nb.txt", b"", "a\\nb.txt: is empty"),
        ("\x1b[31m.txt", b"", "\\x1b[31m.txt: is empty"),
    ],
)
def test_a_file_that_can_not_be_read_is_named_and_the_rest_is_read(
    story: Path, name: str, data: bytes, message: str
) -> None:
    """One line for each such file, and the good document beside it is there."""
    (story / name).write_bytes(data)
    assert problems(story) == [message]
    assert paths(story) == ["seeds/story.txt"]


def test_a_folder_may_be_named_like_a_file(story: Path) -> None:
    """A folder called x.txt is a folder."""
    (story / "x.txt").mkdir()
    (story / "empty.md").mkdir()
    (story / "x.txt" / "inner.txt").write_text(STORY)
    assert paths(story) == ["seeds/story.txt", "seeds/x.txt/inner.txt"]
    assert problems(story) == []


@needs_posix
def test_a_link_that_leaves_the_folder_is_not_followed(story: Path, tmp_path: Path) -> None:
    """Files and folders outside stay outside, whether the link is absolute or relative."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_text(STORY)
    (story / "file.txt").symlink_to(secret / "key.txt")
    (story / "folder").symlink_to(secret)
    (story / "up.txt").symlink_to("../secret/key.txt")
    (story / "gone.txt").symlink_to(tmp_path / "gone.txt")
    assert problems(story) == [
        f"{name}: is a link that leaves the folder"
        for name in ("file.txt", "folder", "gone.txt", "up.txt")
    ]
    assert paths(story) == ["seeds/story.txt"]


@needs_posix
def test_a_folder_with_a_like_name_is_outside(story: Path, tmp_path: Path) -> None:
    """Names that begin alike are different folders."""
    (tmp_path / "seeds-old").mkdir()
    (tmp_path / "seeds-old" / "a.txt").write_text(STORY)
    (story / "a.txt").symlink_to("../seeds-old/a.txt")
    assert problems(story) == ["a.txt: is a link that leaves the folder"]


@needs_posix
def test_a_link_within_the_folder_is_read(story: Path) -> None:
    """A second name of a document is a document of its own."""
    (story / "again.txt").symlink_to("story.txt")
    assert paths(story) == ["seeds/again.txt", "seeds/story.txt"]
    assert problems(story) == []


@needs_posix
def test_a_link_to_a_folder_within_is_not_followed(story: Path) -> None:
    """It could lead around in circles."""
    (story / "circle").symlink_to(".")
    assert problems(story) == ["circle: is a link to a folder, not followed"]
    assert paths(story) == ["seeds/story.txt"]


@needs_posix
def test_a_broken_link_is_a_problem(story: Path) -> None:
    """A link to a file that is not there."""
    (story / "broken.txt").symlink_to("missing.txt")
    assert problems(story) == ["broken.txt: is not a regular file"]
    assert paths(story) == ["seeds/story.txt"]


@needs_posix
def test_a_link_to_itself_is_a_problem(story: Path) -> None:
    """Links that go round and round are named, and the rest is read."""
    (story / "loop.txt").symlink_to("loop.txt")
    read = read_corpus(story)
    assert [problem.path for problem in read.problems] == ["loop.txt"]
    assert [parsed.document.source.path for parsed in read.documents] == ["seeds/story.txt"]


@needs_posix
def test_a_folder_that_is_itself_a_link_is_read(story: Path, tmp_path: Path) -> None:
    """Whoever names a link as the folder means what it leads to."""
    (tmp_path / "library").symlink_to(story)
    assert paths(tmp_path / "library") == ["library/story.txt"]


@needs_posix
def test_a_pipe_is_a_problem_and_nobody_waits_for_it(story: Path) -> None:
    """Reading from a named pipe would never end."""
    os.mkfifo(story / "pipe.txt")
    with without_waiting():
        assert problems(story) == ["pipe.txt: is not a regular file"]
        assert paths(story) == ["seeds/story.txt"]
        assert list(fingerprints_of(story)) == ["story.txt"]


@needs_posix
def test_nobody_waits_for_a_pipe_in_place_of_the_sources_file(story: Path) -> None:
    """A named pipe called sources.toml is refused like anything that is no such file."""
    os.mkfifo(story / "sources.toml")
    with without_waiting(), pytest.raises(SourcesFileError):
        read_corpus(story)


@needs_posix
def test_a_name_that_is_no_text_does_not_stop_the_rest(story: Path) -> None:
    """Some systems hold file names of any bytes; what comes out can be written as UTF-8."""
    (story / os.fsdecode(b"caf\xe9.txt")).write_text(STORY)
    read = read_corpus(story)
    cited = [parsed.document.source.path for parsed in read.documents]
    assert "seeds/story.txt" in cited
    for line in [*cited, *map(str, read.problems)]:
        line.encode()


@needs_permissions
def test_a_file_without_permission_is_a_problem(story: Path) -> None:
    """The system's own reason is given."""
    (story / "locked.txt").write_text(STORY)
    (story / "locked.txt").chmod(0)
    assert problems(story) == ["locked.txt: can't be read (Permission denied)"]
    assert paths(story) == ["seeds/story.txt"]


@needs_permissions
def test_a_folder_without_permission_is_a_problem(story: Path) -> None:
    """What is below it can't even be listed."""
    (story / "locked").mkdir(mode=0)
    assert problems(story) == ["locked: can't be listed (Permission denied)"]
    assert paths(story) == ["seeds/story.txt"]


def test_a_file_that_went_away_is_a_problem(tmp_path: Path) -> None:
    """Between listing and reading a file may be deleted."""
    with pytest.raises(UnreadableFileError) as error:
        SeedFile(name="news/gone.txt", path=tmp_path / "gone.txt").contents()
    assert str(error.value) == "news/gone.txt: can't be read (No such file or directory)"


def test_a_file_over_the_limit_is_a_problem(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the limit a file is read, one byte more is too much."""
    monkeypatch.setattr(seeds, "MAX_FILE_BYTES", 1 << 20)
    (story / "big.txt").write_bytes(b"x" * ((1 << 20) + 1))
    fits = SeedFile(name="fits.txt", path=story / "fits.txt")
    fits.path.write_bytes(b"x" * (1 << 20))
    assert len(fits.contents()) == 1 << 20
    fits.path.unlink()
    assert problems(story) == ["big.txt: is larger than 1 MB"]
    assert paths(story) == ["seeds/story.txt"]


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        STORY.replace("\n", "\r\n").encode(),
        STORY.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + STORY.encode(),
        b"\xff\xfe" + STORY.encode("utf-16-le"),
        b"\xfe\xff" + STORY.replace("\n", "\r\n").encode("utf-16-be"),
        STORY.replace("\n\n", "\n").encode(),
    ],
)
def test_a_document_is_the_same_however_it_was_saved(seeds_dir: Path, data: bytes) -> None:
    """Encodings, line ends and marks change neither the text nor its hash."""
    (seeds_dir / "story.txt").write_bytes(data)
    (parsed,) = read_corpus(seeds_dir).documents
    assert parsed.document.text == "\n\n".join(READ)
    assert bodies(parsed) == READ


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_an_older_encoding_is_read(seeds_dir: Path, encoding: str) -> None:
    """Western text from before Unicode comes out letter by letter."""
    text = "El guardián salió temprano y volvió después. ¿Dónde está la llave?"
    (seeds_dir / "llave.txt").write_bytes(text.encode(encoding))
    (parsed,) = read_corpus(seeds_dir).documents
    assert bodies(parsed) == [text]


def test_the_sources_file_says_what_it_knows(story: Path) -> None:
    """A table named after the file fills the source; the file itself is no document."""
    (story / "sources.toml").write_text(
        '["story.txt"]\ntitle = "The Gate"\npublished = 2011-06-10\n'
    )
    read = read_corpus(story)
    assert [parsed.document.source for parsed in read.documents] == [
        Source(title="The Gate", path="seeds/story.txt", published="2011-06-10")
    ]
    assert read.problems == ()


def test_only_the_sources_file_at_the_top_is_one(story: Path) -> None:
    """One further down is a file of an unknown format."""
    (story / "news").mkdir()
    (story / "news" / "sources.toml").write_text("")
    assert problems(story) == [f"news/sources.toml: is of no format read here {KNOWN}"]


def test_the_sources_file_may_name_a_file_that_is_not_there(story: Path) -> None:
    """That is a problem to mend, and no reason to stop."""
    (story / "sources.toml").write_text(
        '["stroy.txt"]\ntitle = "The Gate"\n["a\\nb.txt"]\ntitle = "B"\n'
    )
    assert problems(story) == [
        "sources.toml: names 'stroy.txt', which is not in the folder",
        "sources.toml: names 'a\\nb.txt', which is not in the folder",
    ]
    assert paths(story) == ["seeds/story.txt"]


@pytest.mark.parametrize(
    "text",
    [
        '["story.txt"]\ntitel = "The Gate"\n',
        '["story.txt"]\npublished = "June 2011"\n',
        '["story.txt"]\npublished = "2011-06-31"\n',
        '["story.txt"]\npublished = 2011-06-31\n',
        "not toml",
    ],
)
def test_a_sources_file_that_is_not_valid_stops_the_build(story: Path, text: str) -> None:
    """An unknown key, a bad date or no TOML: one line that names the file."""
    (story / "sources.toml").write_text(text)
    with pytest.raises(SourcesFileError) as error:
        read_corpus(story)
    assert str(error.value).startswith(f"{story / 'sources.toml'}: ")
    assert "\n" not in str(error.value)


def test_fingerprints_are_those_of_the_bytes(story: Path) -> None:
    """Every file that counts, the sources file and unreadable ones included."""
    (story / "empty.txt").write_bytes(b"")
    (story / "picture.png").write_bytes(PNG)
    (story / "sources.toml").write_text("# nothing\n")
    expected = {
        "empty.txt": hashlib.sha256(b"").hexdigest(),
        "story.txt": hashlib.sha256(STORY.encode()).hexdigest(),
        "sources.toml": hashlib.sha256(b"# nothing\n").hexdigest(),
    }
    assert read_corpus(story).fingerprints == expected
    assert fingerprints_of(story) == expected


def test_files_are_listed_without_being_read(story: Path) -> None:
    """A listing opens nothing."""
    (story / "picture.txt").write_bytes(PNG)
    files, left_out = seed_files(story)
    assert [file.name for file in files] == ["picture.txt", "story.txt"]
    assert left_out == []


def test_passage_ids_stay_when_other_documents_come_and_go(
    story: Path, fake_encoder: FakeEncoder
) -> None:
    """Neither a new neighbour nor the loss of one changes what a passage is called."""

    def ids() -> list[str]:
        return [
            passage.id
            for parsed in read_corpus(story).documents
            if parsed.document.source.path == "seeds/story.txt"
            for passage in passages_of(parsed, fake_encoder)
        ]

    alone = ids()
    (story / "a.txt").write_text(STORY)
    (story / "z.txt").write_text("Something else altogether.\n")
    assert ids() == alone
    (story / "a.txt").unlink()
    assert ids() == alone
    assert len(alone) == len(set(alone)) == 2


def test_the_same_text_in_two_documents_has_two_ids(
    story: Path, fake_encoder: FakeEncoder
) -> None:
    """A passage belongs to its document."""
    (story / "copy.txt").write_text(STORY)
    found = [
        passage.id
        for parsed in read_corpus(story).documents
        for passage in passages_of(parsed, fake_encoder)
    ]
    assert len(set(found)) == 4
