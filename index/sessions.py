"""What runs a graph: the one module that imports ONNX Runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from onnxruntime import InferenceSession

__all__ = ["Session", "session_of"]

Session: TypeAlias = "InferenceSession"
"""A graph that is ready to run."""


def session_of(
    graph: Path | bytes, *, is_optimised: bool = False, optimised: Path | None = None
) -> Session:
    """Return what runs a graph, in the thread that calls it.

    The graph is optimised first, and then written to `optimised`, unless it `is_optimised`.
    """
    # Its threads begin when it is imported, and don't survive a fork.
    from onnxruntime import (
        GraphOptimizationLevel,
        InferenceSession,
        SessionOptions,
        set_default_logger_severity,
    )

    set_default_logger_severity(3)  # errors: it warns of what it optimises, on stderr
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    if optimised is not None:
        options.optimized_model_filepath = str(optimised)
        # What goes beyond this is for one kind of processor, and the folder may be moved.
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    elif is_optimised:
        options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])
