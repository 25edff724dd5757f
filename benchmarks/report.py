"""The figures of all collections as one Markdown page, beside the bars, and two plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from benchmarks.figures import BASELINES, OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from benchmarks.figures import Figures

mpl.use("Agg")  # no screen is needed
import matplotlib.pyplot as plt

__all__ = ["write_report"]

_NOT_ENGLISH = frozenset({"xquad_ar", "xquad_ar-en"})
_UNDER_BASELINE = -0.005
_SYSTEMS = (*BASELINES, OURS)

# collection, what is measured, how to read it, the least it should be
_BARS: tuple[tuple[str, str, Callable[[Figures], float | None], float], ...] = (
    ("scifact", "nDCG@10", lambda f: f.systems[OURS]["ndcg@10"], 0.75),
    ("squad_dev", "success@1", lambda f: f.systems[OURS]["success@1"], 0.88),
    ("xquad_ar", "nDCG@10", lambda f: f.systems[OURS]["ndcg@10"], 0.93),
    ("squad_dev", "highlight", lambda f: f.highlight, 0.88),
    ("xquad_en", "highlight", lambda f: f.highlight, 0.88),
    ("squad_dev", "AUROC, gold removed", lambda f: f.auroc.get("gold_removed"), 0.95),
    ("clapnq_dev", "AUROC, its own labels", lambda f: f.auroc.get("own"), 0.92),
)
_MOST_CALIBRATION_ERROR = 0.05
_LEAST_MACRO_GAIN = 0.025


def write_report(figures: Sequence[Figures], out: Path) -> str:
    """Write report.md and the plots into a folder; return the page's text."""
    page = "\n".join(_page(figures)) + "\n"
    (out / "report.md").write_text(page, "utf-8")
    _plot_reliability(figures, out / "reliability.png")
    _plot_quality([each for each in figures if not each.unseen_half_only], out / "ndcg.png")
    return page


def _page(figures: Sequence[Figures]) -> Iterator[str]:
    whole = [each for each in figures if not each.unseen_half_only]
    yield from _table(
        ["nDCG@10 / success@1", "queries", *_SYSTEMS, "over best baseline", "learned from?"],
        [_quality_row(each) for each in figures],
    )
    yield from _macro(whole)
    yield from _table(
        ["", "highlight (of the most possible)", "AUROC own labels (dense alone)",
         "AUROC gold removed (dense alone)", "ECE", "p50 ms (processor)", "p95 ms",
         "encode / search / rerank p50"],
        [_judgement_row(each) for each in figures],
    )  # fmt: skip
    yield from _table(["bar", "wanted", "reached", ""], list(_bars(whole)))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _quality_row(figures: Figures) -> list[str]:
    scores = [figures.systems[system] for system in _SYSTEMS]
    over = figures.over(figures.best_baseline)
    return [
        figures.label,
        str(figures.queries),
        *(f"{each['ndcg@10']:.4f} / {each['success@1']:.3f}" for each in scores),
        f"{over:+.4f} ({figures.best_baseline}) {_mark(over >= _UNDER_BASELINE)}",
        figures.trained_on,
    ]


def _macro(figures: Sequence[Figures]) -> Iterator[str]:
    english = [each for each in figures if each.name not in _NOT_ENGLISH]
    if not english:
        return
    means = {
        system: np.mean([each.systems[system]["ndcg@10"] for each in english])
        for system in _SYSTEMS
    }
    yield (
        f"Macro average of nDCG@10 over {len(english)} English collections: "
        + ", ".join(f"{system} {mean:.4f}" for system, mean in means.items())
        + f"; over convex {means[OURS] - means['convex']:+.4f}, wanted {_LEAST_MACRO_GAIN:+.3f}."
    )
    yield ""


def _judgement_row(figures: Figures) -> list[str]:
    latency = figures.latency_ms
    stages = [
        f"{latency[stage]['p50']:.1f}" for stage in ("encode", "search", "rerank") if latency
    ]
    return [
        figures.label,
        "" if figures.highlight is None else _of(figures.highlight, figures.highlight_most),
        _auroc_cell(figures, "own"),
        _auroc_cell(figures, "gold_removed"),
        f"{figures.calibration_error:.3f}",
        f"{latency['total']['p50']:.1f} ({latency['cpu']['p50']:.1f})" if latency else "",
        f"{latency['total']['p95']:.1f}" if latency else "",
        " / ".join(stages),
    ]


def _of(reached: float, most: float | None) -> str:
    return f"{reached:.4f} of {most:.4f}"


def _auroc_cell(figures: Figures, kind: str) -> str:
    if kind not in figures.auroc:
        return ""
    return f"{figures.auroc[kind]:.3f} ({figures.auroc[f'{kind} by dense']:.3f})"


def _bars(figures: Sequence[Figures]) -> Iterator[list[str]]:
    by_name = {each.name: each for each in figures}
    for name, what, reached_by, least in _BARS:
        reached = reached_by(by_name[name]) if name in by_name else None
        if reached is not None:
            mark = _mark(reached >= least)
            yield [f"{name}: {what}", f"at least {least}", f"{reached:.4f}", mark]
    unseen = [each for each in figures if each.trained_on == "no"]
    for each in unseen:
        error = each.calibration_error
        mark = _mark(error <= _MOST_CALIBRATION_ERROR)
        yield [f"{each.name}: ECE", f"at most {_MOST_CALIBRATION_ERROR}", f"{error:.3f}", mark]


def _mark(is_met: bool) -> str:  # noqa: FBT001  (a mark of one truth)
    return "✓" if is_met else "✗"


def _plot_reliability(figures: Sequence[Figures], path: Path) -> None:
    """Draw how often the first hit was right against how sure the confidence was of it."""
    plot, axes = plt.subplots(figsize=(6, 6), dpi=80)
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for each in figures:
        said, was, _ = zip(*each.bins, strict=True)
        axes.plot(said, was, marker=".", label=f"{each.label} ({each.calibration_error:.3f})")
    axes.set_xlabel("mean confidence of the bin")
    axes.set_ylabel("share of first hits that answer")
    axes.set_title("Reliability (expected calibration error)")
    axes.legend(fontsize=7)
    plot.savefig(path, bbox_inches="tight")
    plt.close(plot)


def _plot_quality(figures: Sequence[Figures], path: Path) -> None:
    """Draw each system's nDCG@10 on each collection."""
    plot, axes = plt.subplots(figsize=(9, 4), dpi=80)
    width = 0.8 / len(_SYSTEMS)
    places = np.arange(len(figures))
    for at, system in enumerate(_SYSTEMS):
        heights = [each.systems[system]["ndcg@10"] for each in figures]
        axes.bar(places + at * width, heights, width, label=system)
    axes.set_xticks(places + 0.4 - width / 2, [each.name for each in figures], rotation=30)
    axes.set_ylabel("nDCG@10")
    axes.legend(ncols=len(_SYSTEMS), fontsize=8)
    plot.savefig(path, bbox_inches="tight")
    plt.close(plot)
