"""One process for each bot and its folder."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.delivery.alone import alone
from index.errors import StateFolderError


async def test_whoever_comes_second_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It begins when the first has let go, and says once that it waits; another bot need not."""
    release = await alone(tmp_path / "state", 1, patience_s=0)
    (await alone(tmp_path / "state", 2, patience_s=0))()
    waiting = asyncio.create_task(alone(tmp_path / "state", 1, patience_s=30))
    await asyncio.sleep(0.25)
    assert not waiting.done()
    release()
    (await waiting)()
    said = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [record.getMessage() for record in said] == [
        f"this bot still runs in {tmp_path / 'state'}: waiting for its end"
    ]


async def test_patience_has_an_end(tmp_path: Path) -> None:
    """A first one that stays is said in one line."""
    release = await alone(tmp_path, 1, patience_s=0)
    with pytest.raises(StateFolderError, match="this bot runs already in "):
        await alone(tmp_path, 1, patience_s=0)
    release()


async def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    """Where a file stands in the way, that is said."""
    (tmp_path / "state").write_text("a file")
    with pytest.raises(StateFolderError, match="can't be made: "):
        await alone(tmp_path / "state", 1, patience_s=0)
