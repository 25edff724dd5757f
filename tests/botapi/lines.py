"""Standard input, line by line, without standing in the event loop's way."""

import asyncio
import contextlib
import sys
import threading


def read_lines() -> asyncio.Queue[str | None]:
    """Read lines in a thread, which may be left waiting when the process ends; None is the end."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: nobody listens
            for line in sys.stdin:
                loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\n"))
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    return lines
