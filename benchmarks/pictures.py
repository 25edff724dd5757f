"""Draws README's pictures: a real conversation with a real bot, in light and dark.

    .venv/bin/python -m benchmarks.pictures [--seeds DIR] [--state DIR] [--out DIR]

It starts `verbatim bot` over the documents as they are built, talks to it through the tests' Bot
API server, and has headless Chromium draw what came. Fonts: Inter, Noto.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from benchmarks.chat_page import bubble, page
from tests.botapi import BotApi

if TYPE_CHECKING:
    from markupsafe import Markup

    from tests.botapi import ScriptedUser

_ROOT = Path(__file__).resolve().parent.parent
_CONVERSATIONS = {
    "answer": ("en", ["how many people were killed in hama"]),
    "refusal": ("en", ["What is the capital of France?"]),
    "follow-up": ("en", ["who is hussein harmoush", "where did he go?"]),
    "arabic": ("ar", ["who reported from Beirut?"]),
}
_SCALE = 2
_HEIGHT = 3000


def main() -> None:
    """Hold every conversation and draw it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=Path, default=_ROOT / "seeds")
    parser.add_argument("--state", type=Path, default=_ROOT / ".verbatim")
    parser.add_argument("--out", type=Path, default=_ROOT / "docs" / "pictures")
    options = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("no Chromium found: install it to draw pictures")
    conversations = asyncio.run(_conversations(options.seeds, options.state))
    options.out.mkdir(parents=True, exist_ok=True)
    for name, bubbles in conversations.items():
        for theme in ("light", "dark"):
            picture = options.out / f"{name}-{theme}.png"
            _draw(browser, page(bubbles, theme=theme), picture)
            print(picture)


async def _conversations(seeds: Path, state: Path) -> dict[str, list[Markup]]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(state / "index", Path(folder) / "index")
        async with BotApi() as api:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "bot"),
                *("--seeds", str(seeds), "--state", folder),
                env=os.environ
                | {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_BASE_URL": api.base_url},
            )
            try:
                return {
                    name: await _held(api.user("Ada", language_code=language), questions)
                    for name, (language, questions) in _CONVERSATIONS.items()
                }
            finally:
                process.terminate()
                await process.wait()


async def _held(user: ScriptedUser, questions: list[str]) -> list[Markup]:
    bubbles = []
    for question in questions:
        bubbles.append(bubble(await user.say(question), is_mine=True))
        bubbles.append(bubble(await user.wait_reply(timeout_s=120), is_mine=False))
    return bubbles


def _draw(browser: str, html: str, picture: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(html, "utf-8")
        subprocess.run(  # noqa: S603 -- the browser that was found, over our own page
            [
                *(browser, "--headless=new", "--no-sandbox", "--disable-gpu"),
                *("--hide-scrollbars", f"--force-device-scale-factor={_SCALE}"),
                *("--default-background-color=00000000", f"--window-size=460,{_HEIGHT}"),
                *(f"--screenshot={picture}", source.as_uri()),
            ],
            check=True,
            capture_output=True,
        )
    with Image.open(picture) as drawn:
        box = drawn.getbbox()
        drawn.crop(box).quantize(128, method=Image.Quantize.FASTOCTREE).save(
            picture, optimize=True
        )


if __name__ == "__main__":
    main()
