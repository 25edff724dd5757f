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
    /sources – the documents I answer from
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

## Source documents

original-open = Open the document
original-gone = This document is no longer there.
original-changed = This document has changed since I read it. Please ask again in a while.
original-too-large = This document is too large to be sent here.

## For admins

command-rebuild = Bring the index up to date
command-rollback = Go back to the index before
command-status = The state of the index
button-void = This button no longer works.
documents = { $count ->
        [one] 1 document
       *[other] { $count } documents
    }
and-more = and { $count } more
ago-now = just now
ago-minutes = { $count ->
        [one] a minute ago
       *[other] { $count } minutes ago
    }
ago-hours = { $count ->
        [one] an hour ago
       *[other] { $count } hours ago
    }
ago-days = { $count ->
        [one] a day ago
       *[other] { $count } days ago
    }
status-live = Live: { $generation }, built { $ago }
status-none = No index is live.
status-encoder = Encoder: { $encoder }
status-withheld = Kept aside: { $generation }, which answers fewer golden questions
status-rolled-back = Rolled back from { $generation }. It stays so until the documents change, or until /rebuild.
status-building = A build is at work.
status-current = The index is up to date.
status-stale = The index is not up to date:
status-healthy = The bot is well.
status-problems = The bot has problems:
rebuild-running = A build is at work already. I'll report when it is done.
rebuild-starting = The build begins.
rebuild-waiting = Another build is at work; this one comes after it.
rebuild-reading = Reading files: { $done } of { $total }
rebuild-encoding = Encoding passages: { $done } of { $total }
rebuild-judging = Asking golden questions: { $done } of { $total }
rebuild-promoted = The new index is live: { $documents }, { $passages }.
rebuild-current = The index is up to date. There was nothing to build.
rebuild-withheld = The new index is not live, since it answers fewer golden questions. The one before goes on answering.
rebuild-failed = The build failed. The index before goes on answering.
rebuild-timeout = It took longer than { $count ->
        [one] a minute.
       *[other] { $count } minutes.
    }
rebuild-interrupted = I was restarted in the middle of the build. Send /rebuild to do it again.
changed-documents = Documents: { $added } added, { $changed } changed, { $removed } removed
changed-passages = Passages: { $added } added, { $changed } changed, { $removed } removed
golden-right = Golden questions: { $right } of { $asked } right
golden-broken = No longer answered, with what comes now:
left-out = Left out:
rollback-ask = Live is { $live }. Go back to { $earlier }, built { $ago } from { $documents }?
rollback-button = Go back to { $generation }
rollback-done = { $generation } is live. It stays so until the documents change, or until /rebuild.
rollback-none = There is no earlier index to go back to.
rollback-changed = The index has changed since then. Send /rollback to see it as it is now.
rollback-busy = A build is at work. Press again when it is done.
review-title = Title: { $title }
review-language = Language: { $language }
review-paragraphs = Paragraphs: { $count }
review-begins = It begins:
added = Added: { $file }
added-before = { $file } is among the documents already, word for word.
offer = Another { $file } is among the documents. Replace it? It has { $before } bytes, this one { $now }.
offer-replace = Replace it
offer-keep = Keep the old one
offer-taken = Replaced: { $file }
offer-kept = The old { $file } stays.
offer-gone = I no longer have this document. Please send it again.
not-added-type = I can't read documents of this kind. I can read { $known }
not-added-too-large = This document is too large. It may have { $most } MB.
not-added-download = I could not get this document from Telegram. Please send it again.
not-added-unreadable = { $file } is not added. The reason: { $reason }
not-added-in-the-way = { $file } is not added. A folder or a link has its name.
not-added-changed = { $file } is not added. Its place was taken meanwhile; please send it again.
not-added-disk = The document can't be written: { $reason }
