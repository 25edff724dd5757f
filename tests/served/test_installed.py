"""Whether what the tests beside need is installed: where it isn't, that is said."""

import importlib.util

import pytest


@pytest.mark.milvus
@pytest.mark.parametrize("name", ["pymilvus", "milvus_lite"])
def test_the_engine_can_be_tested(name: str) -> None:
    """Without both, nothing about an engine was tested in this run."""
    pytest.importorskip(name, reason=f"{name} is not installed: no engine is tested")
    assert importlib.util.find_spec(name) is not None
