"""What a question means after what was said before it, over one generation.

The turns before say which passages were shown; they are looked up here, and may be gone. Then the
questions alone count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import Analyser
from index.antecedents import Said
from index.followups import Leaning, read_question
from index.grammar import grammar_of
from index.mentions import words_of
from index.naming import Naming
from index.resolving import expanded, resolve
from index.terms import coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.antecedents import Knowing
    from index.followups import Reading
    from index.generation import Generation
    from index.grammar import Grammar
    from index.library import Library
    from index.queries import Query, Turn

__all__ = ["Conversing", "Understanding"]

_MOST_TURNS = 4  # how far back is looked for what a word stands for
_MAX_QUESTION_CHARS = 300  # of an earlier question
_MAX_TITLE_WORDS = 6
_LEAST_COVERED = 0.5  # of the weight of a question's words, by the document that it may be about


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What is searched for a question.

    `ways` are how it may be understood, the likeliest first; none where it stands alone.
    `is_open` says that it may as well mean what it says by itself, `is_moved` that it turns to
    something else, so that its own words are no question.
    """

    asked: str
    ways: tuple[str, ...] = ()
    is_open: bool = False
    is_moved: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """What is encoded: the question as asked, unless only its ways count, then its ways."""
        return self.ways if self.is_moved else (self.asked, *self.ways)


class Conversing:
    """Understands questions by a generation's own passages and names."""

    def __init__(self, generation: Generation, library: Library) -> None:
        """Look passages up in the generation's `library`."""
        self._generation = generation
        self._library = library
        self._naming = Naming(generation)

    def understand(self, query: Query, asked: str) -> Understanding:
        """Return what to search for; `asked` is the query's text as it is searched by itself."""
        if not query.history:
            return Understanding(asked=asked)
        grammar = grammar_of(asked)
        knowing = self._naming.knowing(grammar)
        reading = read_question(asked, grammar, knowing.is_name)
        if reading.leaning is Leaning.ALONE:
            return Understanding(asked=asked)
        turns = query.history[: -_MOST_TURNS - 1 : -1]
        if _is_repeated(reading, turns, is_reply=query.is_reply):
            return Understanding(asked=asked)
        ways, turn = self._ways(reading, turns, grammar, knowing)
        is_open = reading.leaning is Leaning.LOOSE and not query.is_reply
        if is_open and self._covered(asked, turn) < _LEAST_COVERED:
            return Understanding(asked=asked)
        return Understanding(
            asked=asked,
            ways=ways,
            is_open=is_open,
            is_moved=reading.leaning is Leaning.FRAGMENT and bool(reading.names),
        )

    def _ways(
        self, reading: Reading, turns: Sequence[Turn], grammar: Grammar, knowing: Knowing
    ) -> tuple[tuple[str, ...], Turn]:
        """Return how the question may be understood, and the turn that it goes back to."""
        said = [self._said(turn) for turn in turns]
        for turn, each in zip(turns, said, strict=True):
            found = resolve(reading, each, grammar, knowing)
            if found:
                return tuple(found), turn
        return (expanded(reading, said[0], grammar),), turns[0]

    def _said(self, turn: Turn) -> Said:
        question = turn.query[:_MAX_QUESTION_CHARS]
        row = self._row(turn)
        if row is None:
            return Said(question=question)
        document = self._generation.documents[self._generation.document_rows[row]]
        title = document.source.title
        return Said(
            question=question,
            answer=self._sentence(row, question, document.language),
            title=title if _is_naming(title) else "",
        )

    def _covered(self, question: str, turn: Turn) -> float:
        """Return the share, in [0, 1], of a question's weight that a turn's document has words of.

        It is 0 where that document is no longer there.
        """
        row = self._row(turn)
        if row is None:
            return 0.0
        document = self._generation.document_rows[row]
        store = self._generation.document_terms
        analyser = Analyser.for_language(self._generation.documents[document].language)
        terms = analyser.query_terms(question)
        occurrences = store.occurrences(terms, np.array([document]))
        return float(coverage(occurrences, store.statistics.idf(terms))[0])

    def _sentence(self, row: int, question: str, language: str) -> str:
        """Return the sentence of a passage that has most of the question's words, by weight."""
        analyser = Analyser.for_language(language)
        terms = analyser.query_terms(question)
        statistics = self._generation.terms.statistics
        weights = dict(zip(terms, statistics.idf(terms).tolist(), strict=True))
        text = self._generation.passages[row].text
        sentences = [text[slice(*span)] for span in self._generation.sentences.of_passage(row)]
        return max(
            sentences,
            key=lambda each: sum(weights.get(term, 0.0) for term in set(analyser.terms(each))),
            default="",
        )

    def _row(self, turn: Turn) -> int | None:
        """Return the row of the passage that answered a turn; None where it is no longer there."""
        rows = map(self._library.row_of, turn.passages)
        return next((row for row in rows if row is not None), None)


def _is_repeated(reading: Reading, turns: Sequence[Turn], *, is_reply: bool) -> bool:
    """Whether a question that was understood by itself is asked again, word for word.

    One that leans on what stands right before it does so anew once something else was said.
    """
    goes_back = reading.leaning is Leaning.LOOSE and not is_reply
    asked = _folded(reading.text)
    return any(_folded(turn.query) == asked for turn in (turns if goes_back else turns[:1]))


def _folded(question: str) -> list[str]:
    return [word.folded for word in words_of(question)]


def _is_naming(title: str) -> bool:
    """Whether a title names what its document is about; a headline says something about it."""
    grammar = grammar_of(title)
    words = words_of(title)[: _MAX_TITLE_WORDS + 1]
    is_short = 0 < len(words) <= _MAX_TITLE_WORDS
    plain = [word for word in words if word.folded not in grammar.small and not word.is_capital]
    return is_short and (not plain or words[0].folded in grammar.articles)
