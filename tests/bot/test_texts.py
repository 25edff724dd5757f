"""What Verbatim says, in every language that there is a file for."""

import ast
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor
from markupsafe import Markup

import bot
from bot.handlers import ADMIN_COMMANDS, COMMANDS
from bot.texts import ENGLISH, LANGUAGES, texts_for

_NAMED = re.compile(r"^[a-z]+(-[a-z]+)*$")


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 -- the library's name
        self.names.add(node.id.name)


def messages_of(language: str) -> dict[str, set[str]]:
    """Return each text's name with the names of its values."""
    source = files("bot.texts").joinpath(f"{language}.ftl").read_text("utf-8")
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse(source).body:
        assert not isinstance(entry, ftl.Junk), f"{language}: {entry.content!r}"
        if isinstance(entry, ftl.Message):
            assert entry.id.name not in found, f"{language}: {entry.id.name} stands twice"
            variables = _Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


def code() -> list[ast.AST]:
    """Return every node of the bot's code."""
    paths = Path(bot.__file__).parent.rglob("*.py")
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]


def strings_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return what is written out in the code as a string."""
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def names_asked_for() -> set[str]:
    """Return the first argument of every call of texts, as far as it is written out."""
    calls = [node for node in code() if isinstance(node, ast.Call) and _is_of_texts(node.func)]
    return strings_in(each for call in calls for each in ast.walk(call.args[0]))


def _is_of_texts(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute) and called.attr == "html":
        called = called.value
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"ENGLISH", "texts"}


def test_english_and_arabic_are_there() -> None:
    """A language is a file."""
    assert {"ar", "en"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    """Each file has the names of the English one, with the same values, except in plurals."""
    english, own = messages_of("en"), messages_of(language)
    assert own.keys() == english.keys()
    assert {name: values for name, values in own.items() if values != english[name]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_hold_no_markup(language: str) -> None:
    """A text is HTML as it stands, so nothing in it may be read as a tag or a reference."""
    source = files("bot.texts").joinpath(f"{language}.ftl").read_text("utf-8")
    assert set("<&") & set(source) == set()


def test_every_text_that_is_asked_for_is_there() -> None:
    """No name in the code is misspelt, and no text is left over."""
    known = messages_of("en").keys()
    asked = {name for name in names_asked_for() if _NAMED.match(name)}
    assert len(asked) > 10
    assert asked - known == set()
    assert known - strings_in(code()) == {
        f"command-{name}" for name in (*COMMANDS, *ADMIN_COMMANDS)
    }


def test_a_users_language_is_spoken() -> None:
    """Only the language of a code counts; English stands in for what is not known."""
    assert texts_for("ar")("not-in-documents") == "ليس في هذه الوثائق."
    assert texts_for("ar-SY").language == texts_for("AR").language == "ar"
    assert texts_for(None).language == texts_for("xx").language == texts_for("").language == "en"


def test_numbers_are_said_in_words() -> None:
    """Each language has its own plurals."""
    said = [ENGLISH("passages", count=count) for count in (0, 1, 2)]
    assert said == ["0 passages", "1 passage", "2 passages"]
    assert ENGLISH("sources-heading", documents=1) == "I answer from one document:"
    assert texts_for("ar")("passages", count=2) == "فقرتان"


def test_values_are_escaped_in_html_alone() -> None:
    """What is `Markup` already stays as it is."""
    assert ENGLISH("also-in", title="<A>", place="b") == "also in: <A> · b"
    html = ENGLISH.html("also-in", title="<A>", place=Markup("<i>b</i>"))
    assert html == Markup("also in: &lt;A&gt; · <i>b</i>")


def test_values_may_be_long_and_hold_anything() -> None:
    """Fluent itself refuses a value of more than 1,000 characters; marks in one stay there."""
    title = "\0" + "1\0" + "a" * 2000
    assert ENGLISH("also-in", title=title, place="b") == f"also in: {title} · b"


def test_a_value_that_is_missing_is_an_error() -> None:
    """No person ever reads the name of a placeholder."""
    with pytest.raises(LookupError, match="also-in"):
        ENGLISH("also-in", title="A")
    with pytest.raises(LookupError):
        ENGLISH("there-is-no-such-text")
