"""A worker whose reader does what its file says: what a library's worst bug would do."""

import os
import signal
import sys
import time

from index.readers import Block, Extract
from index.reading import worker


class HostileReader:
    """Reads the name of a misdeed and commits it; any other text is a paragraph."""

    def read(self, data: bytes) -> Extract:
        """Misbehave, and then read on where that can be done."""
        name = data.decode()
        misdeed = _MISDEEDS.get(name)
        words = misdeed() if misdeed is not None else None
        return Extract(blocks=[Block(text=f"{name} in {words or os.getpid()}")], is_page=False)


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _stop() -> None:
    os._exit(3)


def _sleep() -> None:
    time.sleep(60)


def _spin() -> None:
    while True:
        pass


def _fill() -> None:
    hoard = []
    while True:
        hoard.append(bytes(1 << 20))


def _recurse() -> None:
    _recurse()


def _raise() -> None:
    raise KeyError("first line\nsecond line")


def _print() -> None:
    sys.stdout.write("noise\n" * 1000)
    sys.stdout.flush()
    os.write(1, b"noise\n")


def _tell() -> str:
    return " ".join(sorted(os.environ))


_MISDEEDS = {
    "crash": _crash,
    "fill": _fill,
    "print": _print,
    "raise": _raise,
    "recurse": _recurse,
    "sleep": _sleep,
    "spin": _spin,
    "stop": _stop,
    "tell": _tell,
}


if __name__ == "__main__":
    worker.reader_for = lambda _: HostileReader()  # type: ignore[attr-defined,assignment]
    worker.main()
