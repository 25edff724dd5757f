"""The flags that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AsJson", "Seeds", "State"]

Seeds = Annotated[
    Path | None,
    typer.Option(
        "--seeds",
        metavar="DIR",
        help=r"The folder of documents. \[default: seeds]",
    ),
]
State = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", help=r"The built index. \[default: .verbatim]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
