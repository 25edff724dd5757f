"""The `verbatim` command, and `python -m bot`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bot.cli import app
from index.errors import ConfigurationError, QuestionError, VerbatimError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ENVIRONMENT", "main"]

ENVIRONMENT = {
    # Numpy's products here are so small that its threads would mostly wait for one another, and
    # in the way of all others; it reads this when a command imports it.
    "OPENBLAS_NUM_THREADS": "1",
    # Pydantic would look through every installed package for extensions of its own.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
    # Texts are parted among threads where they are encoded; tokenizers would start more.
    "TOKENIZERS_PARALLELISM": "false",
}
"""What libraries are told in Verbatim's own processes, unless they are told otherwise."""

_FAILED = 1
_WRONG_USE = 2


def main(run: Callable[[], object] = app) -> None:
    """Run a command. Exit status: 0 done, 1 the work failed, 2 wrong use."""
    os.environ.update(ENVIRONMENT | os.environ)
    try:
        run()
    except VerbatimError as error:
        for problem in getattr(error, "problems", ()):  # of an EmptyCorpusError
            sys.stderr.write(f"verbatim: {problem}\n")
        sys.stderr.write(f"verbatim: {error}\n")
        is_wrong_use = isinstance(error, ConfigurationError | QuestionError)
        sys.exit(_WRONG_USE if is_wrong_use else _FAILED)


if __name__ == "__main__":
    main()
