"""Everything that can go wrong in a way a person can mend.

    VerbatimError
    ├── CorpusError               the folder of documents can't be used
    │   ├── EmptyCorpusError      not one file of it could be read
    │   └── SourcesFileError      sources.toml is not valid
    ├── UnreadableFileError       one file can't be read; a build goes on without it
    │   └── MissingExtraError     its format needs an optional dependency
    ├── EncoderError              the encoder can't be loaded or is not what it claims to be
    ├── GenerationError           the built index can't be used
    │   ├── NoGenerationError     nothing has been built yet
    │   ├── NoEarlierGenerationError  there is nothing to roll back to
    │   ├── LiveChangedError      another is live than when something was confirmed
    │   ├── GenerationFormatError it was written by another version of Verbatim
    │   ├── GenerationDamagedError   a file is missing or its bytes changed
    │   └── EncoderMismatchError  it was built with another encoder
    ├── EngineError               the engine that serves the index can't be used
    │   ├── EngineUnavailableError  it can't be reached, or is too slow
    │   ├── EngineRefusedError    it doesn't let us in, or can't do what is asked
    │   └── EngineGoneError       what was asked is no longer there
    ├── StateFolderError          the state folder can't be written
    ├── NotPromotedError          a new index answers fewer golden questions; it is kept, not live
    ├── WatchError                changes of the documents can't be noticed
    ├── WorkersError              those who encode for the build can't be had, or can't work
    ├── EvaluationError           a golden file or a BEIR folder is not valid
    ├── QuestionError             the question is empty or far too long
    └── ConfigurationError        a setting is missing or not valid

Each message is one line that says what is wrong and, where it is not plain, what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "ConfigurationError",
    "CorpusError",
    "EmptyCorpusError",
    "EncoderError",
    "EncoderMismatchError",
    "EngineError",
    "EngineGoneError",
    "EngineRefusedError",
    "EngineUnavailableError",
    "EvaluationError",
    "GenerationDamagedError",
    "GenerationError",
    "GenerationFormatError",
    "LiveChangedError",
    "MissingExtraError",
    "NoEarlierGenerationError",
    "NoGenerationError",
    "NotPromotedError",
    "QuestionError",
    "SourcesFileError",
    "StateFolderError",
    "UnreadableFileError",
    "VerbatimError",
    "WatchError",
    "WorkersError",
]


class VerbatimError(Exception):
    """The root of the tree; catching it catches every error a person can mend."""


class CorpusError(VerbatimError):
    """The folder of documents is missing, or holds nothing that can be answered from."""


class EmptyCorpusError(CorpusError):
    """Not one file of the folder could be read; `problems` says why for each."""

    def __init__(self, seeds_dir: Path, problems: Sequence[UnreadableFileError]) -> None:
        super().__init__(
            f"{seeds_dir} holds no document that can be read: nothing was built, "
            "an index built before stays live"
        )
        self.problems = tuple(problems)


class SourcesFileError(CorpusError):
    """`sources.toml` is not valid TOML, or says something it may not say."""


class UnreadableFileError(VerbatimError):
    """One file can't be read; the message is the reason, `path` is the file."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{printable(path)}: {reason}")
        self.path = path
        self.reason = reason


class MissingExtraError(UnreadableFileError):
    """The file's format needs a library that is not installed; `extra` names what installs it."""

    def __init__(self, path: str, reason: str, *, extra: str) -> None:
        super().__init__(path, reason)
        self.extra = extra


class EncoderError(VerbatimError):
    """The encoder can't be loaded, or its weights are not the published ones."""


class GenerationError(VerbatimError):
    """The built index can't be used."""


class NoGenerationError(GenerationError):
    """Nothing has been built yet in this state folder, or pushed to this engine."""

    def __init__(self, where: Path | str) -> None:
        super().__init__(f"there is no index in {where} yet: run `verbatim build`")


class NoEarlierGenerationError(GenerationError):
    """No generation is left that was live before this one."""

    def __init__(self, live: str) -> None:
        super().__init__(
            f"no index from before {live} is left to go back to (KEEP_GENERATIONS says how many "
            "are kept)"
        )


class LiveChangedError(GenerationError):
    """Another generation is live than when somebody confirmed what to do."""

    def __init__(self, live: str) -> None:
        super().__init__(f"the index has changed since that was asked: {live} is live now")


class GenerationFormatError(GenerationError):
    """The generation was written in a format this version does not read."""

    def __init__(self, generation: str, found: object, expected: int) -> None:
        super().__init__(
            f"the index {generation} has format {found!r}, this version reads {expected}: "
            "run `verbatim build --full`"
        )


class GenerationDamagedError(GenerationError):
    """A file of the generation is missing, or its bytes are not those that were written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"the index is damaged ({path}: {reason}): run `verbatim build --full`")
        self.path = path


class EncoderMismatchError(GenerationError):
    """The generation's vectors were made by another encoder than the one at hand."""

    def __init__(self, built_with: str, at_hand: str) -> None:
        super().__init__(
            f"the index was built with the encoder {built_with}, but {at_hand} is loaded: "
            "run `verbatim build`"
        )


class EngineError(VerbatimError):
    """The engine that serves the index can't be used."""


class EngineUnavailableError(EngineError):
    """The engine can't be reached, or does not answer in time; it may be back any moment."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"the index at {address} {reason}: is the engine up, and INDEX_URL right?"
        )


class EngineRefusedError(EngineError):
    """The engine doesn't let us in, or can't do what is asked of it; `code` is its own."""

    def __init__(self, address: str, reason: str, *, code: int = 0) -> None:
        super().__init__(f"the engine at {address} refuses: {reason}")
        self.code = code


class EngineGoneError(EngineError):
    """What was asked is no longer there: another generation has taken its place."""

    def __init__(self, address: str, what: str) -> None:
        super().__init__(f"{what} is no longer at {address}: run `verbatim build`")


class StateFolderError(VerbatimError):
    """The state folder can't be written (permissions, a full disk)."""


class NotPromotedError(VerbatimError):
    """A generation answers fewer golden questions; `problems` says which, and what comes now."""

    def __init__(self, generation: str, problems: Sequence[str], *, tolerance: int) -> None:
        super().__init__(
            f"{generation} was built but not made live: more than {tolerance} golden questions "
            "are no longer answered; mend the documents or the golden file, or run "
            "`verbatim build --promote-anyway`"
        )
        self.generation = generation
        self.problems = tuple(problems)


class WatchError(VerbatimError):
    """The folder of documents can't be watched for changes."""


class WorkersError(VerbatimError):
    """Workers that encode for the build can't be started or reached, or can't work."""


class EvaluationError(VerbatimError):
    """A golden file or a BEIR folder is missing, malformed or doesn't fit the corpus."""


class QuestionError(VerbatimError):
    """The question is empty or longer than anything a person would ask."""


class ConfigurationError(VerbatimError):
    """A setting is missing or not valid; the message names it."""


def printable(text: str) -> str:
    """Return `text` fit for one line of a terminal: control and direction marks escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
