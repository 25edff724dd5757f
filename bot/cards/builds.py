"""How a build goes on, and what came of it, as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.lines import bounded, clipped, listed
from bot.maintenance.events import WAITING, BuildEnd
from index.types import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.maintenance.events import BuildEvent, Progress
    from bot.texts import Texts
    from index.manifest import Manifest
    from index.promotion import Judgement

__all__ = ["progress_text", "report_text"]

_MOST_BROKEN = 5


def progress_text(progress: Progress | None, texts: Texts) -> str:
    """Say how far a build is; None at its beginning."""
    if progress is None:
        return texts("rebuild-starting")
    done, total = progress.done, progress.of
    match progress.stage:
        case Stage.READING:
            return texts("rebuild-reading", done=done, total=total)
        case Stage.ENCODING:
            return texts("rebuild-encoding", done=done, total=total)
        case Stage.JUDGING:
            return texts("rebuild-judging", done=done, total=total)
        case stage:
            return texts("rebuild-waiting" if stage == WAITING else "rebuild-starting")


def report_text(
    event: BuildEvent, texts: Texts, *, manifest: Manifest | None, judgement: Judgement | None
) -> str:
    """Say what came of a build, and what the new index changes.

    `manifest` and `judgement` are those of the generation that was built, where there is one.
    """
    lines = [_headline(event, texts, manifest)]
    if event.end is BuildEnd.FAILED and event.error:
        lines.append(clipped(event.error))
    if judgement is not None and event.end in {BuildEnd.PROMOTED, BuildEnd.WITHHELD}:
        lines += _changes(judgement, texts)
    if event.problems:
        lines += ["", texts("left-out"), *listed("•", event.problems, texts)]
    return bounded(lines)


def _headline(event: BuildEvent, texts: Texts, manifest: Manifest | None) -> str:
    match event.end:
        case BuildEnd.PROMOTED if manifest is not None:
            documents = texts("documents", count=manifest.documents)
            passages = texts("passages", count=manifest.passages)
            return texts("rebuild-promoted", documents=documents, passages=passages)
        case BuildEnd.CURRENT:
            return texts("rebuild-current")
        case BuildEnd.WITHHELD:
            return texts("rebuild-withheld")
        case _:
            return texts("rebuild-failed")


def _changes(judgement: Judgement, texts: Texts) -> Iterator[str]:
    if judgement.against is not None:
        found = judgement.difference
        added, changed, removed = (
            found.documents_added,
            found.documents_changed,
            found.documents_removed,
        )
        yield ""
        yield texts(
            "changed-documents", added=len(added), changed=len(changed), removed=len(removed)
        )
        yield from listed("+", added, texts)
        yield from listed("~", changed, texts)
        yield from listed("−", removed, texts)
        yield texts(
            "changed-passages",
            added=found.passages_added,
            changed=found.passages_changed,
            removed=found.passages_removed,
        )
    if judgement.asked:
        yield texts("golden-right", right=judgement.right, asked=judgement.asked)
    if judgement.broken:
        yield texts("golden-broken")
        for result in judgement.broken[:_MOST_BROKEN]:
            now = f"{result.path}: {result.text}" if result.path else "…"
            yield f"• {clipped(result.question)}\n→ {clipped(now)}"
        if len(judgement.broken) > _MOST_BROKEN:
            yield texts("and-more", count=len(judgement.broken) - _MOST_BROKEN)
