# Everything Verbatim says, in English. No markup here; values are put in by name.

## Commands and their answers

command-ask = Ask a question, e.g. /ask who reported from Beirut
command-sources = The documents I answer from
command-check = See what the sources say of a claim
command-new = Begin a new conversation
command-help = How this works
command-privacy = What I keep, and for how long
command-forget = Have me forget what I keep of you
start =
    Ask me a question, and I'll answer with passages from my documents, word for word, each with its exact source. /sources lists the documents.
help =
    Just write your question. I look for the passages that answer it best and quote them verbatim; the sentence that answers is in bold, and under each quote stands where it comes from. I never write an answer of my own: if the documents don't hold one, I say so. Edit your question, and I change its answer.

    /ask question – the same, for groups; there you can reply to me or mention me, too
    /sources – the documents I answer from; /source 3 opens the third
    in:syria or after:2011-06 in your question – I look only in documents with this title, or from then on; you can also reply to a document
    /check – in reply to a message: what my sources say of each sentence; in private, forward it to me
    /new – forget what we talked about
    /privacy – what I keep, /forget – have me forget it
ask-usage = Write your question after the command, like this: /ask who reported from Beirut
only-text = I can only read text. Write me your question in words, please.
unknown-command = I don't know that command. /help says what I can do.
too-late = Sorry, I was away when you asked this. If you still want to know, please ask again.
failed = Something went wrong on my side, sorry. Please ask again in a moment.
index-away = My documents can't be reached right now. Please try again soon.

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
chat-greeting = Ask a question. /new forgets what was said before, Ctrl-D ends.
chat-anew = Forgotten. The next question stands alone.

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

## Who may ask

stranger = I answer only people I know, sorry. If you know who runs me, tell them your number: { $id }
stranger-button = This bot answers only people it knows
stranger-press = I answer only people I know, sorry.
invited = Welcome, you are let in.
invitation-gone = This invitation is used up or has run out. Ask for a new one; your number is { $id }
invite-link = { $uses ->
        [one] This link lets one person in, within { $days } days:
       *[other] This link lets { $uses } people in, within { $days } days:
    }
invite-usage = Say how many people the link is to let in, 1 to { $most }: /invite 5
invite-off = Nobody needs an invitation here: ACCESS is not set to invite.
removed = Done. From now on I don't answer this person.
remove-usage = Say whom, by number: /remove 12345678
remove-unknown = Nobody with this number came in by an invitation.

## How much

quota-person = That was as much as one person may ask for now. Please come back { $when }.
quota-chat = That was as much as one group may ask for now. Please come back { $when }.
quota-inline = That was a lot. Please come back { $when }
in-minutes = { $count ->
        [one] in 1 minute
       *[other] in { $count } minutes
    }
in-hours = { $count ->
        [one] in 1 hour
       *[other] in { $count } hours
    }

## For admins

stats-questions = Questions: { $day } in 24 hours, { $week } in 7 days, { $month } in 30 days
stats-verdicts = Of those in 30 days, { $refused } % had no answer, and { $unsure } % an unsure one.
stats-thumbs = Thumbs in 30 days: { $up } up, { $down } down
stats-slowest = The slowest:
stats-slow = { $ms } ms – { $question }
stats-unanswered = What had no answer, alike questions together:
stats-group = { $count } × { $question }

## Source documents

original-open = Open the document
original-gone = This document is no longer there.
original-changed = This document has changed since I read it. Please ask again in a while.
original-too-large = This document is too large to be sent here.
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
inline-nothing = Nothing found – ask me in private
inline-unsure = Not sure these answer it
inline-no-answer = Not in the documents; the closest:
new-begun = Forgotten. Your next question stands alone.
check-usage = Reply /check to a message with a claim in it, or write the claim after the command. In private you can also forward me a message.
claim-nothing = Nothing in the sources.
claim-unsure = Perhaps this is about it:
claim-note = This is what my sources have that is closest. Whether a sentence is true, I can't say.
claim-first = I looked at the first { $count } of { $sentences } sentences.
limit-in = in: { $titles }
limit-after = after { $date }
limit-before = before { $date }
limits-only = You said where to look, but not what for. Add a question to it, please.
date-unknown = I can't read “{ $value }” as a date. Write it like after:2011, after:2011-06 or after:2011-06-12.
dates-crossed = No time lies between these dates: { $value }
link-gone = The passage that this link led to is no longer in my documents.
link-gone-closest = The passage that this link led to is no longer in my documents. This is the closest to it now:

## What people think of an answer

vote-noted = Thank you, noted.
which-right = Which passage was right? If you like, say so: it makes the answers better.
none-right = None of these
right-noted = Thank you, noted.

## Waiting for an answer

tell-noted = I'll tell you here once the documents answer this.
tell-too-many = You wait for { $most } questions already, which is as many as I keep.
now-answered = You asked this earlier. Now the documents answer it:

## What is kept

privacy = What I keep of you, and for how long:
kept-updates = what you write, until I have answered it; then its number alone, or all of it where I failed at it: { $days } days
kept-cards = your questions with my answers, so that their buttons go on working: { $days } days
kept-asked = your questions and how they went, so that whoever runs me sees which document is missing: { $days } days
kept-votes = your thumbs, and which passage you said was right: { $days } days
kept-waiting = which questions you wait for: { $days } days at most
kept-uses = when you asked, to count it: { $days ->
        [one] 1 day
       *[other] { $days } days
    }, also after /forget
kept-rebuilds = of admins: what they asked for that is not done yet: { $days } days at most
kept-members = that you came by an invitation, until you are removed
logged = Questions are also written to this bot's log.
not-logged = Questions are not written to any log.
privacy-forget = /forget deletes what I keep of you.
forget-sure = Shall I forget all that I keep of you? The buttons under my earlier answers will not work any more, and I will not tell you of answers you wait for.
forget-invited = To ask again you will need a new invitation.
forget-yes = Yes, forget it
forget-not-yours = This is for whoever sent /forget.
forgotten = Done. I have forgotten all that I kept of you.


## For admins

command-stats = What was asked, and what had no answer
command-invite = A link that lets somebody in
command-remove = Let somebody in no more
command-rebuild = Bring the index up to date
command-rollback = Go back to the index before
command-status = The state of the index
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
