# Everything Verbatim says, in English. No markup here; values are put in by name.

## Commands and their answers

command-ask = Ask a question, e.g. /ask who reported from Beirut
command-sources = The documents I answer from
command-help = How this works
start =
    Ask me a question, and I'll answer with passages from my documents, word for word, each with its exact source. /sources lists the documents.
help =
    Just write your question. I look for the passages that answer it best and quote them verbatim; the sentence that answers is in bold, and under each quote stands where it comes from. I never write an answer of my own: if the documents don't hold one, I say so.

    /ask question – the same, for groups
    /sources – the documents I answer from; /source 3 opens the third
ask-usage = Write your question after the command, like this: /ask who reported from Beirut
only-text = I can only read text. Write me your question in words, please.
unknown-command = I don't know that command. /help says what I can do.
too-late = Sorry, I was away when you asked this. If you still want to know, please ask again.
failed = Something went wrong on my side, sorry. Please ask again in a moment.

## Answers

unsure = I'm not sure the documents answer this.
closest-passage = The closest passage:
not-in-documents = Not in these documents.
closest-titles = The closest are:
paragraph = ¶ { $number } of { $total }
page = p. { $page }
also-in = also in: { $title } · { $place }

## Documents

sources-heading = { $documents ->
        [one] I answer from one document:
       *[other] I answer from { $documents } documents:
    }
passages = { $count ->
        [one] 1 passage
       *[other] { $count } passages
    }

## The terminal

no-token = TELEGRAM_BOT_TOKEN is not set, so this is a chat in the terminal.
loading = Loading the model
chat-greeting = Ask a question. Ctrl-D ends.

## Cards

page-of = { $number } of { $total }
context = Context
more-context = More context
show-more = Show more
earlier = ↑ Earlier
further = ↓ Further
less = Less
source = Source
closest = Closest documents
tell-me = Tell me when this is answered
ask-again = Ask again
sources-differ = The sources differ. The newest comes first:
another-passage = Another close passage:
understood = Understood as: { $question }
paragraph-number = ¶ { $number }
passage-gone = This passage is no longer in the documents.
card-gone = This answer is too old for its buttons. Please ask again.
not-yours = This answer belongs to whoever asked. You can ask your own with /ask.
document-sent = I have sent it already, further up or down here.

## Finding: sources, links, inline mode, limits, conversations, claims

sources-page = Page { $page } of { $pages }
all-sources = All sources
source-usage = Say which one by its number in /sources, like /source 3, or by words of its title.
source-several = Several documents have “{ $words }” in their titles:
source-number =
    There is no such number: I answer from { $documents ->
        [one] one document.
       *[other] { $documents } documents.
    } /sources lists them.
title-unknown = No document has “{ $words }” in its title.
source-gone = That document is no longer among my sources.
link-gone = The passage that this link led to is no longer in my documents.
link-gone-closest = The passage that this link led to is no longer in my documents. This is the closest to it now:
