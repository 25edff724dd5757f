"""Which module may import what: read from the source, so that nothing is forgotten."""

from __future__ import annotations

import ast
import importlib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MAX_LINES = 250
SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("index", "bot")
    for path in sorted((ROOT / package).rglob("*.py"))
}
MODULES = sorted(SOURCES)
INDEX = [name for name in MODULES if name.partition(".")[0] == "index"]
BOT = [name for name in MODULES if name.partition(".")[0] == "bot"]

ONLY_HERE = {
    "sentence_transformers": "index.encoder",
    "transformers": "index.encoder",
    "huggingface_hub": "index.models",
    "onnx": "index.quantising",
    "onnxruntime": "index.sessions",
    "tokenizers": "index.onnx_encoder",
    "faiss": "index.dense",
    "sentencex": "index.sentences",
    "tantivy": "index.lexical",
    "py3langid": "index.language",
    "datasketch": "index.duplicates",
    "filelock": "index.locking",
    "watchfiles": "bot.maintenance.watching",
    "fluent": "bot.texts",
}


def imports(module: str, *, with_types: bool) -> set[str]:
    """Return every module that this one imports anywhere, by its full name.

    Without `with_types`, what stands under `if TYPE_CHECKING` is left out.
    """
    found: set[str] = set()
    pending: list[ast.AST] = [ast.parse(SOURCES[module].read_text("utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and _is_type_checking(node.test) and not with_types:
            pending += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= _imported_from(module, node)
        pending += ast.iter_child_nodes(node)
    return found


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _imported_from(module: str, node: ast.ImportFrom) -> set[str]:
    assert node.level == 0, f"{module} has a relative import"
    assert node.module is not None
    return {
        full if (full := f"{node.module}.{alias.name}") in SOURCES else node.module
        for alias in node.names
    }


def top_levels(module: str) -> set[str]:
    """Return the packages that a module imports anything of, for types or for use."""
    return {name.partition(".")[0] for name in imports(module, with_types=True)}


def test_the_modules_are_found() -> None:
    """The tests below would hold for nothing at all."""
    assert {"index", "index.types", "index.readers.plain", "bot.app", "bot.__main__"} <= set(
        MODULES
    )
    assert "index.types" in imports("index.retriever", with_types=False)
    assert "index.types" not in imports("index.golden", with_types=False)
    assert "index.types" in imports("index.golden", with_types=True)


@pytest.mark.parametrize("module", INDEX)
def test_index_knows_nothing_of_the_bot(module: str) -> None:
    """Neither the bot nor Telegram is imported, not even for types."""
    assert top_levels(module).isdisjoint({"bot", "telegram", "tests", "benchmarks"})


@pytest.mark.parametrize("module", BOT)
def test_the_bot_knows_nothing_of_tests_and_benchmarks(module: str) -> None:
    """What is installed needs nothing that is not."""
    assert top_levels(module).isdisjoint({"tests", "benchmarks"})


@pytest.mark.parametrize("module", MODULES)
def test_each_engine_has_one_module(module: str) -> None:
    """A third-party engine is imported in its own module alone, types included."""
    used = {engine for engine in ONLY_HERE if engine in top_levels(module)}
    assert {ONLY_HERE[engine] for engine in used} <= {module}


@pytest.mark.parametrize(
    "engine", ["sentence_transformers", "onnxruntime", "onnx", "faiss", "sentencex", "tantivy"]
)
def test_each_engine_is_used_in_its_module(engine: str) -> None:
    """The rule above is about imports that are there."""
    assert engine in top_levels(ONLY_HERE[engine])


def test_torch_is_only_where_models_are_loaded_and_exported() -> None:
    """So that nothing that answers can come to hold it in memory unseen."""
    users = {module for module in MODULES if "torch" in top_levels(module)}
    assert users == {"index.encoder", "index.export"}
    users = {module for module in MODULES if "index.export" in imports(module, with_types=True)}
    assert users == set(), "it is run as a process of its own"


def test_the_encoders_engine_is_imported_only_when_it_is_needed() -> None:
    """At the top of the module it would cost every process seconds."""
    tree = ast.parse(SOURCES["index.encoder"].read_text("utf-8"))
    names = {
        name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    assert names.isdisjoint({"sentence_transformers", "transformers", "torch", "huggingface_hub"})


def _names(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


@pytest.mark.parametrize("module", ["index.types", "index.errors"])
def test_types_and_errors_stand_on_nothing(module: str) -> None:
    """Everything may import them, so they import nothing of the project."""
    assert top_levels(module).isdisjoint({"index", "bot"})


@pytest.mark.parametrize("modules", [INDEX, BOT], ids=["index", "bot"])
def test_no_imports_go_round_in_a_circle(modules: list[str]) -> None:
    """Every module can be understood after those it imports; imports for types are excepted."""
    graph = {
        module: imports(module, with_types=False) & set(modules) - {module} for module in modules
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_too_long(module: str) -> None:
    """One idea a module."""
    count = len(SOURCES[module].read_text("utf-8").splitlines())
    assert count <= MAX_LINES


@pytest.mark.parametrize("module", MODULES)
def test_every_name_that_is_handed_on_exists(module: str) -> None:
    """Whatever `__all__` names is there when the program runs, and is named once."""
    imported = importlib.import_module(module)
    names = getattr(imported, "__all__", [])
    assert [name for name in names if not hasattr(imported, name)] == []
    assert len(set(names)) == len(names)
