"""What a question that leans on the one before it means, in words of the conversation alone.

After the rewriting of questions by terms of their history: Voskarides et al., "Query Resolution
for Conversational Search with Limited Supervision" (QuReTeC), SIGIR 2020; Lin et al., "Multi-Stage
Conversational Passage Retrieval" (historical query expansion), TOIS 2021; compared by Vakulenko
et al., "A Comparison of Question Rewriting Methods for Conversational Passage Retrieval", ECIR
2021. There a model or the terms' rarity chooses the terms; here the question's grammar does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.antecedents import antecedents, topics
from index.followups import Leaning, Refers
from index.mentions import names_of, noun_phrases, text_of, words_of

if TYPE_CHECKING:
    from index.antecedents import Knowing, Said
    from index.followups import Reading
    from index.grammar import Grammar
    from index.mentions import Word

__all__ = ["expanded", "resolve"]

_MOST = 2  # ways to understand one question
_MAX_CONTENT = 12  # words taken over from a question that nothing else could be made of
_END = " ?؟!.,;:"


def resolve(reading: Reading, said: Said, grammar: Grammar, knowing: Knowing) -> list[str]:
    """Return the ways to understand a question that leans, the likeliest first, at most two.

    None where what it refers to was not said in this turn.
    """
    if reading.leaning is Leaning.ASKING:
        found = [_asked_anew(reading, said, grammar)]
    elif reading.references:
        found = _replaced(reading, said, grammar, knowing)
    elif reading.leaning is Leaning.FRAGMENT:
        found = [_in_place(reading, said, grammar, knowing)]
    else:
        found = [_beside(reading.text, topic) for topic in topics(said, grammar, knowing)]
    return list(dict.fromkeys(found))[:_MOST]


def expanded(reading: Reading, said: Said, grammar: Grammar) -> str:
    """Return the question with the words of the one before beside it."""
    return _beside(reading.text, _content(said, grammar))


def _content(said: Said, grammar: Grammar) -> str:
    words = [word.text for word in words_of(said.question) if word.folded not in grammar.small]
    return " ".join(words[:_MAX_CONTENT])


def _beside(text: str, more: str) -> str:
    return f"{text.rstrip(_END)} ({more})?" if more else text


def _replaced(reading: Reading, said: Said, grammar: Grammar, knowing: Knowing) -> list[str]:
    """Return the question with what its first reference may stand for in the place of its like."""
    first, kind = reading.references[0]
    found = []
    for antecedent in antecedents(first, kind, said, grammar, knowing)[:_MOST]:
        text = reading.text
        for word, its_kind in reversed(reading.references):
            if its_kind is kind:
                text = _with(text, word, antecedent, reading, grammar)
        found.append(
            _beside(text, _content(said, grammar)) if reading.leaning is Leaning.FRAGMENT else text
        )
    if not found and kind is Refers.POINTED:
        found = [expanded(reading, said, grammar)]
    return found


def _with(text: str, word: Word, antecedent: str, reading: Reading, grammar: Grammar) -> str:
    """Return the text with an antecedent for a word."""
    following = next((each for each in words_of(reading.text) if each.start > word.start), None)
    noun = following is not None and following.folded not in grammar.small
    start, end = word.start, word.end
    if word.folded in grammar.place:
        antecedent = f"{grammar.within} {antecedent}"
    elif word.folded in grammar.possessive and noun:
        antecedent += "'s"
    elif word.folded in grammar.pointing:
        same = {each.folded for each in words_of(antecedent)}
        if following is None or following.folded not in grammar.places | grammar.persons | same:
            return _beside(text, antecedent)
        end = following.end
    return text[:start] + antecedent + text[end:]


def _asked_anew(reading: Reading, said: Said, grammar: Grammar) -> str:
    """Return the question before with another asking: "why" after "when did it break?"."""
    words = words_of(said.question)
    asking = text_of(reading.text, reading.rest)
    start = next((at for at, word in enumerate(words) if word.folded in grammar.asking), None)
    if start is None:
        return f"{asking} {said.question}"
    verbs = (at for at in range(start + 1, len(words)) if words[at].folded in grammar.auxiliaries)
    end = next(verbs, start + 1)
    return f"{asking} {said.question[words[end].start :]}" if end < len(words) else said.question


def _in_place(reading: Reading, said: Said, grammar: Grammar, knowing: Knowing) -> str:
    """Return the question before with a fragment where it had the like of it.

    The like of "in Hama" is what "in" opens, of a name the last name, of another thing the last
    noun phrase.
    """
    question, rest = said.question, reading.rest
    names = names_of(question, grammar, knowing.is_name)
    phrases = noun_phrases(question, grammar, knowing.is_name)
    if rest[0].folded in grammar.prepositions:
        opened = [word for word in words_of(question) if word.folded == rest[0].folded]
        if opened:
            end = _end_of_phrase(question, opened[-1], [*phrases, *names])
            return question[: opened[-1].start] + text_of(reading.text, rest) + question[end:]
        rest = rest[1:] or rest
    fragment = text_of(reading.text, rest)
    is_name = bool(reading.names) and rest[0].folded not in grammar.articles
    for runs in (names if is_name else [], phrases):
        if runs:
            return question[: runs[-1][0].start] + fragment + question[runs[-1][-1].end :]
    return _beside(question, fragment)


def _end_of_phrase(question: str, preposition: Word, runs: list[list[Word]]) -> int:
    """Return where the phrase ends that a preposition opens, in characters."""
    following = next(
        (word for word in words_of(question) if word.start > preposition.start), preposition
    )
    return max([run[-1].end for run in runs if run[0] == following] or [following.end])
