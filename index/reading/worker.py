"""The worker: reads one file after another, and dies rather than outgrow its limits.

Started by `index.reading.pool` as `python -m index.reading.worker MEMORY_BYTES`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.documents import ParsedDocument, parse_document
from index.readers import MissingExtra, ReadingError, reader_for
from index.reading.frames import OUTCOME, Refusal, Task, receive, send

try:
    import resource
except ImportError:  # Windows: there the pool's clock is the only limit
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from typing import IO

__all__ = ["outcome_of", "serve"]

MAX_TEXT_CHARS = 32 * 1024 * 1024
# Fatal, since what is half-built may be held somewhere for good.
_TOO_MUCH = Refusal(reason="needs more memory than a file may take", is_fatal=True)


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    while (head := receive(requests)) is not None and (data := receive(requests)) is not None:
        task = Task.model_validate_json(head)
        _limit_cpu(task.cpu_s)
        outcome = outcome_of(task, data)
        try:
            reply = OUTCOME.dump_json(outcome)
        except MemoryError:
            outcome = _TOO_MUCH
            reply = OUTCOME.dump_json(outcome)
        send(replies, reply)
        if isinstance(outcome, Refusal) and outcome.is_fatal:
            return


def outcome_of(task: Task, data: bytes) -> ParsedDocument | Refusal:
    """Return the document that the bytes make, or why they make none."""
    try:
        return _document(task, data)
    except MissingExtra as error:
        return Refusal(reason=str(error), extra=error.extra)
    except ReadingError as error:
        return Refusal(reason=str(error))
    except MemoryError:
        return _TOO_MUCH
    except RecursionError:
        return Refusal(reason="is nested too deep")
    except Exception as error:  # noqa: BLE001 - whatever a library trips over is one file's matter
        what = f"{type(error).__name__}: {error}".strip().splitlines()[0][:200]
        return Refusal(reason=f"can't be read, its reader failed ({what})")


def _document(task: Task, data: bytes) -> ParsedDocument:
    reader = reader_for(PurePosixPath(task.name).suffix)
    if reader is None:
        raise ReadingError("is of no format read here")
    if not data.strip():
        raise ReadingError("is empty")
    extract = reader.read(data)
    if sum(len(block.text) for block in extract.blocks) > MAX_TEXT_CHARS:
        raise ReadingError(f"holds more than {MAX_TEXT_CHARS >> 20} million characters of text")
    document = parse_document(extract, name=task.name, folder=task.folder, stated=task.stated)
    if not document.paragraphs:
        raise ReadingError("holds no paragraph of text")
    return document


def _limit_cpu(seconds: int) -> None:
    """Let the system end this process after so much more processor time."""
    if resource is not None:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(usage.ru_utime + usage.ru_stime) + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = spent + seconds
        resource.setrlimit(
            resource.RLIMIT_CPU,
            (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard),
        )


def _limit_memory(max_bytes: int) -> None:
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve stdin and stdout. Whatever a library prints goes nowhere: stdout carries frames."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pool, which ends its workers
    _limit_memory(int(sys.argv[1]))
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    serve(requests, replies)


if __name__ == "__main__":
    main()
