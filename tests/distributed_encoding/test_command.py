"""The command, as far as it goes without Ray."""

from pathlib import Path

import pytest

from distributed_encoding import __main__ as command
from index.errors import ConfigurationError


def test_without_ray_it_says_how_to_get_it(
    seeds_dir: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is read or exported."""
    monkeypatch.setattr(command, "find_spec", lambda _name: None)
    with pytest.raises(ConfigurationError, match=r"pip install -e '\.\[ray\]'"):
        command.encode(seeds=seeds_dir, state=state_dir)
    assert not state_dir.exists()
