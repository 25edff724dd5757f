"""What prose looks like, in any script: how a sentence ends, and where no space stands."""

from __future__ import annotations

import re

__all__ = ["NO_SPACE_SCRIPTS", "ends_sentence"]

NO_SPACE_SCRIPTS = re.compile(r"[\u0e00-\u0eff\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Characters of scripts that are written without spaces between words."""

_TERMINATORS = ".!?…:;。！？；：．｡؟۔؛।॥։።፧།"
_CLOSERS = "\"'”’»›)]}」』）】〉》"
_CLOSED = rf"[{re.escape(_CLOSERS)}\s]*"
# A note's number may follow the mark ("so it was.12"); a point within a number ends nothing.
_ENDS_SENTENCE = re.compile(
    rf"[{re.escape(_TERMINATORS)}]{_CLOSED}$|(?<!\d)[{re.escape(_TERMINATORS)}]{_CLOSED}\d{{1,3}}$"
)


def ends_sentence(line: str) -> bool:
    """Whether `line` ends with a sentence's mark (closing quotes and note numbers aside)."""
    return _ENDS_SENTENCE.search(line[-40:]) is not None
