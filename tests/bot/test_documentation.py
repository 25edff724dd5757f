"""What the documentation promises is what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import typer.main

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"numpy", "torch", "faiss", "telegram", "pydantic", "sentence_transformers", "sqlalchemy"}

_TABLE_ROW = re.compile(r"^\| `([A-Z][A-Z_]+)` \|(.*?)\| *(\S.*?) *\|$", re.MULTILINE)
_EXAMPLE_LINE = re.compile(r"^# ([A-Z][A-Z_]+)=(.*)$")


def default_of(name: str) -> str:
    """Return a setting's default as a person writes it, empty for none."""
    default = Settings.model_fields[name.lower()].default
    return "" if default in (None, ()) else str(default)


def readme() -> str:
    """Return the text of README."""
    return (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    """The table has each setting of the code, in its order and words, and no other."""
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = [
        (name, default.strip().strip("`"), meaning)
        for name, default, meaning in _TABLE_ROW.findall(page)
    ]
    assert rows == [
        (name.upper(), default_of(name), field.description)
        for name, field in Settings.model_fields.items()
    ]


def test_the_example_lists_every_setting_with_its_default() -> None:
    """`.env.example` has each setting of the code, in its order, and no other."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    found = [match.groups() for line in lines if (match := _EXAMPLE_LINE.match(line))]
    assert found == [(name.upper(), default_of(name)) for name in Settings.model_fields]


def test_every_setting_of_the_example_has_a_comment_above() -> None:
    """A comment says what each line is for, and nothing in the file is in force."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert all(line == "" or line.startswith("#") for line in lines)
    for above, line in zip(["", *lines], lines, strict=False):
        if _EXAMPLE_LINE.match(line):
            assert re.match(r"# [A-Z].*[.;]$", above), line


def test_the_example_can_be_read_as_it_is(own_folder: Path) -> None:
    """A copy of the example changes nothing, with its lines in force or not."""
    defaults = Settings.from_flags()
    text = (ROOT / ".env.example").read_text("utf-8")
    in_force = re.sub(r"^# (?=[A-Z][A-Z_]+=)", "", text, flags=re.MULTILINE)
    for copy in (text, in_force):
        (own_folder / ".env").write_text(copy, "utf-8")
        assert Settings.from_flags() == defaults


def test_every_command_is_documented() -> None:
    """README or the pages in docs name every command."""
    pages = [readme(), *(page.read_text("utf-8") for page in (ROOT / "docs").glob("**/*.md"))]
    commands = vars(typer.main.get_command(app))["commands"]
    maintaining = {"build", "watch", "rollback", "status"}
    assert set(commands) == {"run", "ask", "chat", "bot", "eval", "feedback"} | maintaining
    for name in commands:
        assert any(f"verbatim {name}" in page for page in pages), name


def test_documented_commands_exist() -> None:
    """README names no command that there is not."""
    commands = set(vars(typer.main.get_command(app))["commands"])
    assert set(re.findall(r"`(?:\.venv/bin/)?verbatim ([a-z]+)", readme())) <= commands


def test_links_of_readme_lead_somewhere() -> None:
    """Every link to a file of the project finds it."""
    links = re.findall(r"\]\((?!https?://)([^)#]+)", readme())
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_help_imports_nothing_heavy() -> None:
    """`verbatim --help` answers at once, since nothing heavy is imported for it."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=ROOT,
    )
    imported = {line.rsplit("|", 1)[-1].strip() for line in run.stderr.splitlines()}
    assert "typer" in imported
    assert {name.partition(".")[0] for name in imported} & HEAVY == set()
