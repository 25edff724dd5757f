"""The real command line on the real seeds with the real model."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, SEEDS, Command, Finished

pytestmark = [pytest.mark.e2e, pytest.mark.model]

Folders = tuple[str | Path, ...]

WHO = "who reported from Beirut?"
BYLINE = (
    "Hugh Macleod and Annasofie Flamand reported from Beirut, Lebanon with reporters in Syria."
)
FRANCE = "What is the capital of France?"
SOLDIERS = "Soldiers in Syria defect"
DEFECTOR = "Syrian army defector: I was ordered to commit genocide"
GOLDEN = ROOT / "tests" / "golden" / "seeds.jsonl"


def texts_of_seeds() -> dict[str, str]:
    """Return the text of each seed by the path that answers give."""
    return {f"seeds/{path.name}": path.read_text("utf-8") for path in SEEDS.glob("*.txt")}


def test_the_first_build_builds_everything(first_build: Finished) -> None:
    """Both seeds are built; where stderr is a pipe it says only what takes long, and but once."""
    assert first_build.returncode == 0
    assert re.fullmatch(r"verbatim: exporting \S+ to \S+, once; .*\n", first_build.stderr)
    assert re.fullmatch(
        r"built \d{8}T\d{6}Z-[0-9a-f]{8}: 2 documents, \d+ passages, "
        r"\d+ lines set aside as page furniture\n",
        first_build.stdout,
    )


def test_a_second_build_has_nothing_to_do(verbatim: Command, folders: Folders) -> None:
    """With nothing changed, nothing is built."""
    again = verbatim("build", *folders)
    assert (again.returncode, again.stdout, again.stderr) == (
        0,
        "the index is up to date\n",
        "",
    )


def test_a_question_is_answered_with_a_quote(verbatim: Command, folders: Folders) -> None:
    """The byline answers who reported, on one line, its source under it."""
    asked = verbatim("ask", WHO, "-k", "1", *folders)
    assert (asked.returncode, asked.stderr) == (0, "")
    quote, source, end = asked.stdout.split("\n")
    assert (quote, end) == (BYLINE, "")
    assert re.fullmatch(
        rf"  — {SOLDIERS} · ¶ (\d+) of \1 · seeds/000_1bf1e6427b6696ba\.txt", source
    )


def test_questions_through_a_pipe_are_answered_in_json(
    verbatim: Command, folders: Folders
) -> None:
    """`ask - --json` prints one object a question; each hit stands in its seed word for word."""
    asked = verbatim("ask", "-", "--json", *folders, stdin=f"{WHO}\n{FRANCE}\n")
    assert (asked.returncode, asked.stderr) == (0, "")
    answered, refused = [json.loads(line) for line in asked.stdout.splitlines()]
    assert (answered["question"], answered["verdict"]) == (WHO, "answered")
    assert (refused["question"], refused["verdict"]) == (FRANCE, "no_answer")
    assert answered["hits"][0]["text"] == BYLINE
    assert answered["confidence"] >= 0.5
    assert refused["confidence"] < 0.25
    assert answered["generation"] == refused["generation"]
    seeds = texts_of_seeds()
    for hit in [*answered["hits"], *refused["hits"]]:
        assert hit["text"] in seeds[hit["source"]["path"]]
        assert hit["source"]["title"] in {SOLDIERS, DEFECTOR}
        assert 1 <= hit["source"]["paragraph"] <= hit["source"]["paragraphs"]
        span = hit["highlight"]
        assert 0 <= span["start"] < span["end"] <= len(hit["text"])


def test_run_answers_a_pipe_and_ends(verbatim: Command, folders: Folders) -> None:
    """Without a token `run` chats; at the end of its input it is done."""
    ran = verbatim("run", *folders, stdin=f"Who is Hussein Harmoush?\n{FRANCE}\n")
    assert ran.returncode == 0
    assert ran.stderr == "TELEGRAM_BOT_TOKEN is not set, so this is a chat in the terminal.\n"
    asked, quote, source, *further = ran.stdout.split("\n")
    assert asked == "? Who is Hussein Harmoush?"
    assert "Harmoush" in quote
    assert any(quote in text for text in texts_of_seeds().values())
    assert source.startswith(f"  — {SOLDIERS} · ¶ ")
    refused = further.index(f"? {FRANCE}")
    refusal, closest, *titles, blank, end = further[refused + 1 :]
    assert (refusal, closest) == ("Not in these documents.", "The closest are:")
    assert titles
    assert set(titles) <= {f"  • {SOLDIERS}", f"  • {DEFECTOR}"}
    assert (blank, end) == ("", "")


def test_the_transcript_in_readme_is_what_is_printed(verbatim: Command, folders: Folders) -> None:
    """README shows a real answer and a real refusal, to the letter."""
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"```console\n\$ printf '(.+)' \| make -s run\n(.+?)```", readme, re.DOTALL)
    assert shown is not None
    questions, transcript = shown.groups()
    ran = verbatim("run", *folders, stdin=questions.replace("\\n", "\n"))
    assert ran.stdout == transcript


def test_status_is_one_object(verbatim: Command, folders: Folders, first_build: Finished) -> None:
    """`status --json` names the generation that was built, and nothing is stale."""
    asked = verbatim("status", "--json", *folders)
    assert (asked.returncode, asked.stderr, asked.stdout.count("\n")) == (0, "", 1)
    found = json.loads(asked.stdout)
    assert first_build.stdout.startswith(f"built {found['generation']}: 2 documents, ")
    assert f" {found['passages']} passages" in first_build.stdout
    assert found["documents"] == 2
    assert found["encoder"]["name"] == "sentence-transformers/all-MiniLM-L6-v2"
    assert found["stale"] == []


def test_golden_questions_are_evaluated(verbatim: Command, folders: Folders) -> None:
    """`eval --golden --json` prints one object about every golden question."""
    asked = verbatim("eval", "--golden", GOLDEN, "--json", *folders)
    assert (asked.returncode, asked.stderr, asked.stdout.count("\n")) == (0, "", 1)
    found = json.loads(asked.stdout)
    golden = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines() if line.strip()]
    unanswerable = sum(not each["quotes"] for each in golden)
    assert (found["queries"], found["documents"]) == (len(golden), 2)
    assert list(found["metrics"]) == ["ndcg@10", "recall@10", "mrr@10", "success@1"]
    assert all(0 < value <= 1 for value in found["metrics"].values())
    assert list(found["latency_ms"]) == ["p50", "p95", "p99"]
    assert {kind: sum(counts.values()) for kind, counts in found["abstention"].items()} == {
        "answerable": len(golden) - unanswerable,
        "unanswerable": unanswerable,
    }


def test_files_with_problems_are_named_and_the_rest_is_built(
    verbatim: Command, exported: Callable[[Path], None], tmp_path: Path
) -> None:
    """Each file left out has a line on stderr; one good file makes an index."""
    seeds = tmp_path / "papers"
    seeds.mkdir()
    (tmp_path / "outside.txt").write_text("A secret outside.\n", "utf-8")
    (seeds / "good.txt").write_text("The Well\n\nThe well is cold in summer.\n", "utf-8")
    (seeds / "empty.txt").touch()
    (seeds / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (seeds / "table.xlsx").write_bytes(b"PK\x03\x04")
    (seeds / "link.txt").symlink_to(tmp_path / "outside.txt")
    exported(tmp_path / "state")
    built = verbatim("build", "--seeds", seeds, "--state", tmp_path / "state")
    assert built.returncode == 0
    assert ": 1 document, 1 passage, " in built.stdout
    lines = sorted(built.stderr.splitlines())
    assert [line.split(": ")[:2] for line in lines] == [
        ["verbatim", "binary.txt"],
        ["verbatim", "empty.txt"],
        ["verbatim", "link.txt"],
        ["verbatim", "table.xlsx"],
    ]
    assert lines[1] == "verbatim: empty.txt: is empty"
    assert lines[2] == "verbatim: link.txt: is a link that leaves the folder"


def test_a_folder_with_nothing_readable_fails(
    verbatim: Command, folders: Folders, tmp_path: Path
) -> None:
    """The build fails with status 1 and a clear line, and the live index stays."""
    (tmp_path / "empty.txt").touch()
    state = folders[-2:]
    current = Path(state[1]) / "index" / "CURRENT"
    before = current.read_bytes()
    built = verbatim("build", "--seeds", tmp_path, *state)
    assert (built.returncode, built.stdout) == (1, "")
    assert "Traceback" not in built.stderr
    assert built.stderr.startswith("verbatim: empty.txt: is empty\n")
    assert "an index built before stays live" in built.stderr
    assert current.read_bytes() == before
