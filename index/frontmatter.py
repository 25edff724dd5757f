"""Front matter: the YAML block between two `---` lines at the head of a text."""

from __future__ import annotations

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.sources import Metadata

__all__ = ["split_front_matter"]

_MAX_HEAD_CHARS = 20_000  # YAML aliases can multiply; a page's metadata is never this long


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Return what the front matter says, and the text after it.

    Keys that mean nothing here are other programs' and are passed over, and so is a value of the
    wrong kind. A block that is not a YAML mapping is text.
    """
    handler = YAMLHandler()
    # The base loader leaves every value the text that it is: no date can be an impossible one.
    if not handler.detect(text):
        return Metadata(), text
    try:
        head, body = handler.split(text)
        values = (
            None if len(head) > _MAX_HEAD_CHARS else handler.load(head, Loader=yaml.BaseLoader)
        )
    except (ValueError, yaml.YAMLError):
        return Metadata(), text
    if not isinstance(values, dict):
        return Metadata(), text
    return Metadata.from_loose(values), body.strip("\n")
