"""Text to index terms, by language: Unicode words, folded, without stop words, stemmed.

Han, Kana, Thai, Lao and Khmer put no spaces between words, so their runs become overlapping pairs
of characters, the usual way to search them without a dictionary.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

import regex
import Stemmer

__all__ = ["ENGLISH_STOP_WORDS", "Analyser", "fold", "word_matches"]

_REMEMBERED = 1 << 14  # words of each language
_LONGEST = 24  # characters of a word worth remembering

_WORD = regex.compile(r"[\w\p{M}]+(?:['’][\w\p{M}]+)?")  # a mark belongs to its letter
_UNSPACED = regex.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)

# Snowball's algorithm for each language (ISO 639-1); words of other languages are only folded.
_SNOWBALL = dict(
    pair.split(":")
    for pair in """
    ar:arabic ca:catalan cs:czech da:danish de:german el:greek en:english eo:esperanto
    es:spanish et:estonian eu:basque fa:persian fi:finnish fr:french ga:irish hi:hindi
    hu:hungarian hy:armenian id:indonesian it:italian lt:lithuanian ne:nepali nl:dutch
    no:norwegian pl:polish pt:portuguese ro:romanian ru:russian sr:serbian sv:swedish ta:tamil
    tr:turkish yi:yiddish
    """.split()
)

# stopwordsiso's English list holds over a thousand words, "system" and "value" among them.
ENGLISH_STOP_WORDS = frozenset(
    """
    a about above after again against all am an and any are aren't as at be because been before
    being below between both but by can cannot could couldn did didn do does doesn doing don
    down during each few for from further had hadn has hasn have haven having he her here hers
    herself him himself his how i if in into is isn it its itself just me more most my myself no
    nor not now of off on once only or other our ours ourselves out over own s same she should
    shouldn so some such t than that the their theirs them themselves then there these they this
    those through to too under until up upon very was wasn we were weren what when where which
    while who whom whose why will with won would wouldn you your yours yourself yourselves ll ve
    re d m many much
    """.split()
)


class Analyser:
    """Turns texts of one language (ISO 639 code) into index terms."""

    def __init__(self, language: str) -> None:
        self._stop_words = _stop_words(language)
        stemmer = Stemmer.Stemmer(_SNOWBALL[language]) if language in _SNOWBALL else None
        self._stem = stemmer.stemWord if stemmer is not None else str
        self._terms_of = lru_cache(maxsize=_REMEMBERED)(self._analysed)

    @staticmethod
    @cache
    def for_language(language: str) -> Analyser:
        """Return the language's analyser, made once."""
        return Analyser(language)

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text` in order, repeated as they are repeated."""
        return self._terms(text, keep_stop_words=False)

    def query_terms(self, text: str) -> list[str]:
        """Return the distinct terms of a question; its stop words where it has nothing else."""
        found = self.terms(text) or self._terms(text, keep_stop_words=True)
        return list(dict.fromkeys(found))

    def _terms(self, text: str, *, keep_stop_words: bool) -> list[str]:
        terms: list[str] = []
        for match in word_matches(text):
            word = match.group()
            of_word = self._terms_of if len(word) <= _LONGEST else self._analysed
            terms += of_word(word, keep_stop_words)
        return terms

    def _analysed(self, written: str, keep_stop_words: bool) -> tuple[str, ...]:  # noqa: FBT001 - for a cache
        word = fold(written)
        if _UNSPACED.search(word):
            return tuple(_pairs_and_words(word))
        if not word or not (keep_stop_words or not self._is_stop_word(word)):
            return ()
        return (self._stem(word),)

    def _is_stop_word(self, word: str) -> bool:
        return word in self._stop_words or word.partition("'")[0] in self._stop_words


def _pairs_and_words(run: str) -> list[str]:
    """Part a run of characters without spaces: "北京2008年" to 北京, 2008, 年."""
    terms: list[str] = []
    end = 0
    for match in _UNSPACED.finditer(run):
        terms.append(run[end : match.start()])
        found = match.group()
        terms += [a + b for a, b in pairwise(found)] or [found]
        end = match.end()
    terms.append(run[end:])
    return [term for term in terms if term]


def word_matches(text: str) -> list[regex.Match[str]]:
    """Return the matches of the words of `text`: Unicode letters and digits, inner apostrophes."""
    return list(_WORD.finditer(text))


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """Return `word` in lower case, without accents and the English possessive."""
    lowered = unicodedata.normalize("NFKC", word).casefold().replace("’", "'").removesuffix("'s")
    decomposed = unicodedata.normalize("NFKD", lowered)
    kept = (c for c in decomposed if not unicodedata.combining(c) and not c.isspace())
    return unicodedata.normalize("NFC", "".join(kept))


def _stop_words(language: str) -> frozenset[str]:
    if language == "en":
        return ENGLISH_STOP_WORDS
    import stopwordsiso  # which reads those of every language

    if not stopwordsiso.has_lang(language):
        return frozenset()
    return frozenset(map(fold, stopwordsiso.stopwords(language)))
