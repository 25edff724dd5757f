"""The command line: what each command prints, where, and with which exit status."""

import json
from pathlib import Path

import pytest

from bot import app as bot_app
from bot.settings import Settings
from tests.bot.conftest import Command

TOKEN = "123456789:AAE-not_a_real-token"
QUESTION = "where did the old gate stand open all night"
GATE = "The old gate at the north end stood open all night."
COMMANDS = ["run", "ask", "chat", "bot", "eval", "build", "watch", "rollback", "status"]


@pytest.fixture
def built(documents: Path, verbatim: Command) -> Path:
    """Build the two documents; return their folder."""
    status, out, _ = verbatim("build")
    assert (status, out.startswith("built ")) == (0, True)
    return documents


def assert_one_line(err: str) -> None:
    """Check that an error is said in one line of our own, with no traceback."""
    assert err.startswith("verbatim: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(verbatim: Command, flag: str) -> None:
    """The first help lists the commands and where settings come from."""
    status, out, err = verbatim(flag)
    assert (status, err) == (0, "")
    for name in COMMANDS:
        assert f"│ {name} " in out
    assert ".env.example" in out


@pytest.mark.parametrize(
    ("command", "said", "flags"),
    [
        ("run", "Start answering", []),
        ("build", "Bring the index up to date", ["--full", "--verbose"]),
        ("ask", "Answer one question", ["QUESTION", "-k", "--json", "in:TITLE", "before:2012"]),
        ("chat", "Ask one question after another", []),
        ("bot", "Answer on Telegram", []),
        ("eval", "Measure retrieval", ["--golden", "--dataset", "-k", "--json", "--run"]),
        ("status", "Show which index is live", ["--json"]),
        ("watch", "Build whenever the documents change", []),
        ("rollback", "Make the index that was live before live again", []),
    ],
)
def test_each_command_explains_itself(
    verbatim: Command, command: str, said: str, flags: list[str]
) -> None:
    """A command's help says what it does and names its flags."""
    status, out, err = verbatim(command, "--help")
    assert (status, err) == (0, "")
    assert said in out
    for flag in [*flags, "--seeds", "--state"]:
        assert flag in out


@pytest.mark.parametrize(
    ("command", "default"),
    [
        ("ask", "[default: 3]"),
        ("ask", "[default: seeds]"),
        ("ask", "[default: .verbatim]"),
        ("eval", "[default: 10]"),
        ("eval", "[default: tests/golden/seeds.jsonl]"),
    ],
)
def test_help_says_the_defaults(verbatim: Command, command: str, default: str) -> None:
    """A person sees what is taken where a flag is not given."""
    _, out, _ = verbatim(command, "--help")
    assert default in out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("ask",),
        ("ask", ""),
        ("ask", "  "),
        ("ask", "why", "-k", "0"),
        ("ask", "why", "-k", "101"),
        ("ask", "why", "-k", "many"),
        ("ask", "why", "again"),
        ("build", "--nonsense"),
        ("eval", "--golden", "a", "--dataset", "b"),
    ],
)
def test_wrong_use_ends_with_2(verbatim: Command, arguments: tuple[str, ...]) -> None:
    """What a command does not understand is wrong use, and nothing is done."""
    status, out, err = verbatim(*arguments)
    assert status == 2
    assert "Traceback" not in out + err


@pytest.mark.parametrize("command", ["status", "build", "chat", "bot", "run"])
def test_a_bad_setting_is_wrong_use(
    verbatim: Command, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """A setting that is not valid is named in one line."""
    monkeypatch.setenv("HITS", "many")
    status, out, err = verbatim(command)
    assert (status, out) == (2, "")
    assert err.startswith("verbatim: HITS: ")
    assert_one_line(err)


def test_a_question_that_is_far_too_long_is_wrong_use(built: Path, verbatim: Command) -> None:
    """The question is refused in one line."""
    assert built.is_dir()
    status, out, err = verbatim("ask", "x" * 4097)
    assert (status, out) == (2, "")
    assert err == "verbatim: the question is over 4096 characters long\n"


@pytest.mark.usefixtures("documents")
def test_ask_looks_where_it_is_told_to(built: Path, verbatim: Command) -> None:
    """By title or date; the question is given back as it was asked."""
    name = min(path.stem for path in built.glob("*.txt"))
    asked = f"in:{name}.txt {QUESTION}"
    found = json.loads(verbatim("ask", asked, "--json", "-k", "9")[1])
    assert found["question"] == asked
    assert {hit["source"]["path"] for hit in found["hits"]} == {f"{built.name}/{name}.txt"}
    undated = json.loads(verbatim("ask", f"{QUESTION} after:1990", "--json")[1])
    assert (undated["verdict"], undated["hits"]) == ("no_answer", [])


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("why in:cairo", "in:cairo: no document has these words in its title"),
        ("why after:june", "after:june: not a date like 2011, 2011-06 or 2011-06-12"),
        (
            "why after:2012 before:2011",
            "after:2012 before:2011: no time lies between these dates",
        ),
    ],
)
def test_ask_says_which_operator_it_cannot_follow(
    verbatim: Command, question: str, said: str
) -> None:
    """It is wrong use, not a question without an answer."""
    assert verbatim("ask", question) == (2, "", f"verbatim: {said}\n")


@pytest.mark.parametrize("arguments", [("ask", "why"), ("chat",), ("eval", "--golden", "g")])
def test_without_an_index_it_says_what_to_do(
    verbatim: Command, own_folder: Path, arguments: tuple[str, ...]
) -> None:
    """Asking before building fails, and the line names the command that mends it."""
    (own_folder / "g").write_text('{"question": "why", "quotes": []}\n', "utf-8")
    status, out, err = verbatim(*arguments)
    assert (status, out) == (1, "")
    assert err == "verbatim: there is no index in .verbatim yet: run `verbatim build`\n"


def test_a_build_says_what_it_did(documents: Path, verbatim: Command) -> None:
    """A build says what it built; a second one that there is nothing to do."""
    assert documents.is_dir()
    status, out, err = verbatim("build")
    assert (status, err) == (0, "")
    assert out.startswith("built ")
    assert out.endswith(": 2 documents, 3 passages, 0 lines set aside as page furniture\n")
    assert verbatim("build") == (0, "the index is up to date\n", "")
    assert verbatim("build", "--full")[1].startswith("built ")


def test_folders_are_given_by_flags(own_folder: Path, documents: Path, verbatim: Command) -> None:
    """`--seeds` and `--state` win over the defaults, everywhere."""
    documents.rename(own_folder / "papers")
    flags = ("--seeds", "papers", "--state", "built")
    assert verbatim("build", *flags)[0] == 0
    assert (own_folder / "built" / "index" / "CURRENT").is_file()
    assert not (own_folder / ".verbatim").exists()
    found = json.loads(verbatim("ask", QUESTION, "--json", *flags)[1])
    assert found["hits"][0]["source"]["path"] == "papers/gate.txt"
    assert json.loads(verbatim("status", "--json", *flags)[1])["stale"] == []


def test_a_build_of_nothing_fails(own_folder: Path, verbatim: Command) -> None:
    """With nothing readable, each file and the failure have a line, and the status is 1."""
    (own_folder / "seeds").mkdir()
    (own_folder / "seeds" / "empty.txt").touch()
    status, out, err = verbatim("build")
    assert (status, out) == (1, "")
    assert err == (
        "verbatim: empty.txt: is empty\n"
        "verbatim: seeds holds no document that can be read: nothing was built, "
        "an index built before stays live\n"
    )


def test_a_missing_folder_fails(verbatim: Command) -> None:
    """A folder that is not there is named in one line."""
    status, out, err = verbatim("build")
    assert (status, out) == (1, "")
    assert err == "verbatim: seeds is not a folder: put documents there, or name another\n"


def test_an_answer_stands_on_stdout(built: Path, verbatim: Command) -> None:
    """The passage and its source are the result; nothing else is said."""
    assert built.is_dir()
    status, out, err = verbatim("ask", QUESTION, "-k", "1")
    assert (status, err) == (0, "")
    assert out == f"{GATE}\n  — The Gate · ¶ 2 of 2 · seeds/gate.txt\n"


def test_json_is_one_object_and_nothing_else(built: Path, verbatim: Command) -> None:
    """With --json stdout is one line that parses, and `-k` says how many hits."""
    assert built.is_dir()
    status, out, err = verbatim("ask", QUESTION, "--json", "-k", "2")
    assert (status, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    assert (found["question"], found["verdict"]) == (QUESTION, "answered")
    assert [hit["rank"] for hit in found["hits"]] == [1, 2]
    assert found["hits"][0]["text"] == GATE


def test_the_setting_says_how_many_hits(
    built: Path, verbatim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `-k`, HITS holds."""
    assert built.is_dir()
    assert len(json.loads(verbatim("ask", QUESTION, "--json")[1])["hits"]) == 3
    monkeypatch.setenv("HITS", "1")
    assert len(json.loads(verbatim("ask", QUESTION, "--json")[1])["hits"]) == 1


def test_the_thresholds_are_settings(
    built: Path, verbatim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With thresholds no passage can reach, every answer is a refusal."""
    assert built.is_dir()
    monkeypatch.setenv("ANSWERED_CONFIDENCE", "1")
    assert json.loads(verbatim("ask", QUESTION, "--json")[1])["verdict"] == "unsure"
    monkeypatch.setenv("UNSURE_CONFIDENCE", "1")
    status, out, _ = verbatim("ask", QUESTION)
    assert status == 0
    assert out.startswith("Not in these documents.\nThe closest are:\n  • ")


def test_questions_come_from_stdin_one_a_line(built: Path, verbatim: Command) -> None:
    """`ask -` answers each line; with --json each answer is a line."""
    assert built.is_dir()
    stdin = f"{QUESTION}\n\nis the well cold\n"
    status, out, err = verbatim("ask", "-", "--json", stdin=stdin)
    assert (status, err) == (0, "")
    found = [json.loads(line) for line in out.splitlines()]
    assert [each["question"] for each in found] == [QUESTION, "is the well cold"]
    _, out, _ = verbatim("ask", "-", "-k", "1", stdin=stdin)
    assert out.startswith(f"{GATE}\n  — The Gate · ¶ 2 of 2 · seeds/gate.txt\n\n")
    assert verbatim("ask", "-", stdin="") == (0, "", "")


def test_a_chat_reads_a_pipe(built: Path, verbatim: Command) -> None:
    """A chat answers what comes through a pipe and ends with it."""
    assert built.is_dir()
    status, out, err = verbatim("chat", stdin=QUESTION)
    assert (status, err) == (0, "")
    assert out.startswith(f"? {QUESTION}\n{GATE}\n")


def test_old_answers_are_warned_of(built: Path, verbatim: Command) -> None:
    """When documents changed after the build, stderr says so and the answer still comes."""
    (built / "mill.txt").write_text("The Mill\n\nIt grinds.\n", "utf-8")
    status, out, err = verbatim("ask", QUESTION, "--json")
    assert status == 0
    assert json.loads(out)["hits"][0]["text"] == GATE
    assert err == (
        "verbatim: the index is not up to date, run `verbatim build`: mill.txt is new\n"
    )


@pytest.mark.usefixtures("documents")
def test_run_builds_and_then_chats(verbatim: Command) -> None:
    """Without a token `run` builds what is missing, says so on stderr, and reads the pipe."""
    status, out, err = verbatim("run", stdin=QUESTION)
    assert status == 0
    assert out.startswith(f"? {QUESTION}\n{GATE}\n")
    built, no_token = err.splitlines()
    assert built.startswith("built ")
    said = "TELEGRAM_BOT_TOKEN is not set, so this is a chat in the terminal."
    assert no_token == said
    assert verbatim("run", stdin=QUESTION)[1:] == (out, f"{said}\n")


@pytest.mark.parametrize("command", ["run", "bot"])
def test_a_token_starts_the_bot(
    built: Path, verbatim: Command, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """With a token, `run` and `bot` both answer on Telegram."""
    assert built.is_dir()
    tokens: list[str] = []

    def record(settings: Settings, _retriever: object) -> None:
        assert settings.telegram_bot_token is not None
        tokens.append(settings.telegram_bot_token.get_secret_value())

    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setattr(bot_app, "run_bot", record)
    assert verbatim(command) == (0, "", "")
    assert tokens == [TOKEN]


def test_the_bot_needs_a_token(built: Path, verbatim: Command) -> None:
    """Without a token `bot` says where to get one."""
    assert built.is_dir()
    status, out, err = verbatim("bot")
    assert (status, out) == (2, "")
    assert err == (
        "verbatim: TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it in .env\n"
    )


def test_status_is_for_people_and_for_programs(built: Path, verbatim: Command) -> None:
    """The state is lines, or with --json one object and nothing else."""
    status, out, err = verbatim("status")
    assert (status, err) == (0, "")
    assert out.splitlines()[1:] == [
        "documents   2 from seeds",
        "passages    3",
        "encoder     fake",
        "backend     sentence-transformers: it is for tests",
        "stale       nothing",
    ]
    (built / "mill.txt").write_text("The Mill\n\nIt grinds.\n", "utf-8")
    status, out, err = verbatim("status", "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    assert (found["documents"], found["passages"]) == (2, 3)
    assert found["stale"] == ["mill.txt is new"]


def test_golden_questions_are_evaluated(built: Path, own_folder: Path, verbatim: Command) -> None:
    """The metrics come as lines, or with --json as one object in the promised shape."""
    assert built.is_dir()
    golden = own_folder / "golden.jsonl"
    golden.write_text(
        json.dumps({"question": QUESTION, "quotes": [GATE]})
        + "\n"
        + json.dumps({"question": "zzz", "quotes": []}),
        "utf-8",
    )
    status, out, err = verbatim("eval", "--golden", str(golden), "--json", "-k", "2")
    assert (status, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    assert list(found) == ["queries", "documents", "metrics", "latency_ms", "abstention"]
    assert (found["queries"], found["documents"]) == (2, 2)
    assert found["metrics"] == {"ndcg@2": 1.0, "recall@2": 1.0, "mrr@2": 1.0, "success@1": 1.0}
    assert list(found["latency_ms"]) == ["p50", "p95", "p99"]
    assert found["abstention"] == {
        "answerable": {"answered": 1, "unsure": 0, "no_answer": 0},
        "unanswerable": {"answered": 0, "unsure": 0, "no_answer": 1},
    }
    _, out, _ = verbatim("eval", "--golden", str(golden), "--run", "run.txt")
    assert out.startswith("2 questions over 2 documents\n  ndcg@10      1.000\n")
    ranked = (own_folder / "run.txt").read_text("utf-8").splitlines()
    assert len(ranked) == 6
    assert ranked[0].split()[::3] == ["q1", "1"]


def test_a_beir_collection_is_evaluated(own_folder: Path, verbatim: Command) -> None:
    """A collection needs no index of the documents."""
    folder = own_folder / "collection"
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": "d1", "title": "", "text": GATE}, {"_id": "d2", "text": "Wells."}]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), "utf-8")
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": QUESTION}), "utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n", "utf-8")
    status, out, err = verbatim("eval", "--dataset", "collection", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert (found["queries"], found["documents"]) == (1, 2)
    assert found["metrics"]["success@1"] == 1.0


@pytest.mark.parametrize(
    "arguments", [("eval", "--golden", "nowhere.jsonl"), ("eval", "--dataset", "nowhere")]
)
def test_a_missing_evaluation_fails(
    built: Path, verbatim: Command, arguments: tuple[str, ...]
) -> None:
    """A file that is not there is named in one line."""
    assert built.is_dir()
    status, out, err = verbatim(*arguments)
    assert (status, out) == (1, "")
    assert "nowhere" in err
    assert_one_line(err)


def test_a_state_folder_that_cannot_be_written_fails(
    documents: Path, own_folder: Path, verbatim: Command
) -> None:
    """Where a file stands in the state folder's place, one line says so."""
    assert documents.is_dir()
    (own_folder / "state").write_text("in the way", "utf-8")
    status, out, err = verbatim("build", "--state", "state")
    assert (status, out) == (1, "")
    assert_one_line(err)


def test_a_damaged_index_fails(built: Path, own_folder: Path, verbatim: Command) -> None:
    """Bytes that changed on disk are refused, with the command that mends them."""
    assert built.is_dir()
    [passages] = (own_folder / ".verbatim" / "index" / "segments").glob("*/passages.jsonl")
    passages.write_bytes(passages.read_bytes().replace(b"old gate", b"new gate"))
    status, out, err = verbatim("ask", QUESTION)
    assert (status, out) == (1, "")
    assert "checksum does not match" in err
    assert "run `verbatim build --full`" in err
    assert_one_line(err)
    assert verbatim("status", "--verify") == (1, "", err)
    assert verbatim("build", "--full")[0] == 0
    assert verbatim("status", "--verify")[0] == 0
    assert verbatim("ask", QUESTION)[0] == 0
