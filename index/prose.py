"""What prose looks like, in any script: does a line end as a sentence does?"""

from __future__ import annotations

import re

__all__ = ["ends_sentence"]

_TERMINATORS = ".!?…:;。！？；：．｡؟۔؛।॥։።፧།"
_CLOSERS = "\"'”’»›)]}」』）】〉》"
_ENDS_SENTENCE = re.compile(rf"[{re.escape(_TERMINATORS)}][{re.escape(_CLOSERS)}\s\d]*$")


def ends_sentence(line: str) -> bool:
    """Whether `line` ends with a sentence's mark (closing quotes and note numbers aside)."""
    return _ENDS_SENTENCE.search(line[-40:]) is not None
