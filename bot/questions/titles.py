"""Documents by words of their titles, where the words fit none: the closest to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.queries import Query

if TYPE_CHECKING:
    from bot.questions.answering import Answering
    from index.types import Document

__all__ = ["closest_documents"]

_MOST = 3


async def closest_documents(answering: Answering, words: str) -> list[Document]:
    """Return the documents that are nearest to some words, best first; passages know their title.

    Of words that can't be searched there are none.
    """
    try:
        answer = await answering.answer(Query(text=words))
    except QuestionError:
        return []
    library = answering.library
    ids = dict.fromkeys(hit.passage.document_id for hit in answer.hits)
    found = [library.document(each) for each in ids]
    return [document for document in found if document is not None][:_MOST]
