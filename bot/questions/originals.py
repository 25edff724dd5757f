"""The document that an answer comes from: its address, or else the file itself."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from bot.cards.markup import address
from bot.delivery.uploads import MAX_BYTES
from index.errors import GenerationError
from index.generations import Generations

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk import Desk
    from bot.incoming import Incoming
    from index.types import Source

__all__ = ["hand_over"]

_MAX_CAPTION_CHARS = 200


async def hand_over(desk: Desk, incoming: Incoming, source: Source) -> bool:
    """Answer with a source's own document, in reply to what came in; tell whether there is one.

    A file is handed over as long as it is the one that the live generation was built from; of any
    other a text says so.
    """
    title = source.title[:_MAX_CAPTION_CHARS]
    if url := address(source.url):
        button = {"text": incoming.texts("original-open"), "url": url}
        desk.replies.say(incoming, title, keyboard=[[button]], is_reply=True)
        return True
    seeds_dir = desk.settings.seeds_dir
    name = _name_within(seeds_dir, source.path)
    problem = await asyncio.to_thread(_problem, seeds_dir, desk.settings.state_dir, name)
    if problem is None:
        desk.replies.send_document(incoming, name, caption=title)
    else:
        desk.replies.say(incoming, incoming.texts(problem), is_reply=True)
    return problem is None


def _name_within(seeds_dir: Path, path: str) -> str:
    """Return a document's name within the folder, which a source's path begins with."""
    return path.removeprefix(f"{seeds_dir.name}/")


def _problem(seeds_dir: Path, state_dir: Path, name: str) -> str | None:
    """Return the text that says why a file is not handed over, None where it can be."""
    try:
        built_from = Generations(state_dir).manifest().seeds.get(name)
        root = seeds_dir.resolve(strict=True)
        path = (seeds_dir / name).resolve(strict=True)
        if built_from is None or not path.is_relative_to(root) or not path.is_file():
            return "original-gone"
        if not 0 < path.stat().st_size <= MAX_BYTES:
            return "original-too-large"
        with path.open("rb") as file:
            is_same = hashlib.file_digest(file, "sha256").hexdigest() == built_from
    except (GenerationError, OSError, ValueError):  # a NUL in the name is a ValueError
        return "original-gone"
    return None if is_same else "original-changed"
