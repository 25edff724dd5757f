# كل ما يقوله Verbatim بالعربية

## Commands and their answers

command-ask = اطرح سؤالًا، مثل: /ask من أرسل تقريرًا من بيروت
command-sources = الوثائق التي أجيب منها
command-check = ماذا تقول المصادر عن ادعاء
command-new = ابدأ محادثة جديدة
command-help = كيف يعمل هذا
command-privacy = ما أحتفظ به، وإلى متى
command-forget = اطلب مني أن أنسى ما أحتفظ به عنك
start =
    اسألني سؤالًا وسأجيبك بفقرات من وثائقي حرفيًا، كل فقرة مع مصدرها الدقيق. الأمر /sources يعرض الوثائق.
help =
    اكتب سؤالك فحسب. أبحث عن الفقرات التي تجيب عنه أفضل إجابة وأقتبسها حرفيًا؛ الجملة التي تجيب مكتوبة بخط عريض، وتحت كل اقتباس مصدره. لا أكتب إجابة من عندي أبدًا: إن لم تكن الإجابة في الوثائق قلت ذلك. وإن عدّلت سؤالك عدّلت إجابته.

    /ask مع السؤال – الشيء نفسه في المجموعات، وفيها يمكنك أيضًا أن ترد علي أو تذكرني
    /sources – الوثائق التي أجيب منها؛ /source 3 يفتح الثالثة
    أضف in:syria أو after:2011-06 إلى سؤالك – أبحث في ما في عنوانه هذه الكلمة، أو ما نُشر منذ ذلك التاريخ فقط؛ ويمكنك أيضًا أن تسأل ردًّا على وثيقة
    /check – ردًّا على رسالة: ما تقوله مصادري عن كل جملة منها؛ وعلى انفراد يكفي أن تحوّلها إليّ
    /new – أنسى ما تحدثنا عنه
    /privacy – ما أحتفظ به، و/forget – أن أنساه
ask-usage = اكتب سؤالك بعد الأمر هكذا: /ask من أرسل تقريرًا من بيروت
only-text = لا أقرأ إلا النصوص. اكتب لي سؤالك بالكلمات من فضلك.
unknown-command = لا أعرف هذا الأمر. الأمر /help يشرح ما أستطيع فعله.
too-late = عذرًا، كنت غائبًا حين سألت هذا السؤال. إن كنت لا تزال تريد الجواب فاسأل من جديد.
failed = عذرًا، حدث خطأ من جهتي. حاول أن تسأل مرة أخرى بعد قليل.
index-away = لا يمكن الوصول إلى وثائقي الآن. حاول مرة أخرى بعد قليل.

## Answers

unsure = لست متأكدًا من أن الوثائق تجيب عن هذا.
closest-passage = أقرب فقرة:
not-in-documents = ليس في هذه الوثائق.
closest-titles = الأقرب هي:
paragraph = ¶ { $number } من { $total }
page = ص { $page }
also-in = ورد أيضًا في: { $title } · { $place }

## Documents

sources-heading = { $documents ->
        [one] أجيب من وثيقة واحدة:
        [two] أجيب من وثيقتين:
        [few] أجيب من { $documents } وثائق:
        [many] أجيب من { $documents } وثيقة:
       *[other] أجيب من { $documents } وثيقة:
    }
passages = { $count ->
        [zero] لا فقرات
        [one] فقرة واحدة
        [two] فقرتان
        [few] { $count } فقرات
        [many] { $count } فقرة
       *[other] { $count } فقرة
    }

## The terminal

no-token = لم يُضبط TELEGRAM_BOT_TOKEN، فهذه محادثة في الطرفية.
loading = تحميل النموذج
chat-greeting = اطرح سؤالًا. الأمر /new ينسى ما قيل من قبل، وCtrl-D للإنهاء.
chat-anew = نُسي ما سبق. السؤال التالي قائم بذاته.

## Cards

page-of = { $number } من { $total }
context = السياق
more-context = مزيد من السياق
show-more = عرض المزيد
earlier = ↑ ما قبله
further = ↓ ما بعده
less = عرض أقل
source = المصدر
closest = أقرب الوثائق
tell-me = أخبرني حين يتوفر الجواب
ask-again = اسأل من جديد
sources-differ = المصادر مختلفة. الأحدث أولًا:
another-passage = فقرة أخرى قريبة:
understood = فهمت السؤال هكذا: { $question }
paragraph-number = ¶ { $number }
passage-gone = لم تعد هذه الفقرة في الوثائق.
card-gone = هذه الإجابة أقدم من أن تعمل أزرارها. اسأل من جديد من فضلك.
not-yours = هذه الإجابة لمن طرح السؤال. يمكنك أن تسأل بنفسك بالأمر /ask.
document-sent = سبق أن أرسلتها في هذه المحادثة.

## Who may ask

stranger = عذرًا، لا أجيب إلا من أعرفهم. إن كنت تعرف من يدير هذا البوت فأعطه رقمك: { $id }
stranger-button = هذا البوت لا يجيب إلا من يعرفهم
stranger-press = عذرًا، لا أجيب إلا من أعرفهم.
invited = أهلًا بك، صار بإمكانك أن تسأل.
invitation-gone = استُنفدت هذه الدعوة أو انتهت مدتها. اطلب دعوة جديدة؛ رقمك { $id }
invite-link = { $uses ->
        [one] هذا الرابط لشخص واحد، ومدته بالأيام { $days }:
        [two] هذا الرابط لشخصين، ومدته بالأيام { $days }:
        [few] هذا الرابط لـ { $uses } أشخاص، ومدته بالأيام { $days }:
        [many] هذا الرابط لـ { $uses } شخصًا، ومدته بالأيام { $days }:
       *[other] هذا الرابط لـ { $uses } شخص، ومدته بالأيام { $days }:
    }
invite-usage = كم شخصًا يُدخل الرابط؟ من 1 إلى { $most }، مثل: /invite 5
invite-off = لا حاجة هنا إلى دعوة: لم يُضبط ACCESS على invite.
removed = تم. لن أجيب هذا الشخص بعد الآن.
remove-usage = اذكر رقمه هكذا: /remove 12345678
remove-unknown = لم يدخل أحد بهذا الرقم عن طريق دعوة.

## How much

quota-person = بلغت ما يمكن لشخص واحد أن يسأله الآن. عد من فضلك { $when }.
quota-chat = بلغت هذه المجموعة ما يمكن لها أن تسأله الآن. عودوا من فضلكم { $when }.
quota-inline = هذا كثير. عد من فضلك { $when }
in-minutes = { $count ->
        [one] بعد دقيقة
        [two] بعد دقيقتين
        [few] بعد { $count } دقائق
        [many] بعد { $count } دقيقة
       *[other] بعد { $count } دقيقة
    }
in-hours = { $count ->
        [one] بعد ساعة
        [two] بعد ساعتين
        [few] بعد { $count } ساعات
        [many] بعد { $count } ساعة
       *[other] بعد { $count } ساعة
    }

## For admins

stats-questions = الأسئلة: { $day } خلال 24 ساعة، { $week } خلال 7 أيام، { $month } خلال 30 يومًا
stats-verdicts = من أسئلة الأيام الثلاثين: { $refused }٪ بلا جواب، و{ $unsure }٪ بجواب غير مؤكد.
stats-thumbs = التقييمات خلال 30 يومًا: { $up } إيجابًا، { $down } سلبًا
stats-slowest = الأبطأ:
stats-slow = { $ms } م.ث – { $question }
stats-unanswered = ما لم يكن له جواب، والأسئلة المتشابهة معًا:
stats-group = { $count } × { $question }

## Source documents

original-open = فتح الوثيقة
original-gone = هذه الوثيقة لم تعد موجودة.
original-changed = تغيّرت هذه الوثيقة بعد أن قرأتها. أعد السؤال بعد قليل من فضلك.
original-too-large = هذه الوثيقة أكبر من أن تُرسل هنا.
## Finding: sources, links, inline mode, limits, conversations, claims

sources-page = الصفحة { $page } من { $pages }
all-sources = كل المصادر
source-usage = حدّد الوثيقة برقمها في /sources هكذا: /source 3، أو بكلمات من عنوانها.
source-several = هناك عدة وثائق في عنوانها «{ $words }»:
source-number =
    لا يوجد هذا الرقم: أجيب من { $documents ->
        [one] وثيقة واحدة.
        [two] وثيقتين.
        [few] { $documents } وثائق.
        [many] { $documents } وثيقة.
       *[other] { $documents } وثيقة.
    } الأمر /sources يعرضها.
title-unknown = لا توجد وثيقة في عنوانها «{ $words }».
source-gone = لم تعد هذه الوثيقة من مصادري.
inline-nothing = لم أجد شيئًا – اسألني على انفراد
inline-unsure = لست متأكدًا من أن هذه تجيب
inline-no-answer = ليس في الوثائق؛ الأقرب:
new-begun = نسيت ما تحدثنا عنه. سؤالك التالي قائم بذاته.
check-usage = رد بالأمر /check على رسالة فيها ادعاء، أو اكتب الادعاء بعد الأمر. وعلى انفراد يمكنك أن تحوّل إليّ رسالة.
claim-nothing = لا شيء في المصادر.
claim-unsure = ربما يتعلق هذا بها:
claim-note = هذا أقرب ما في مصادري. أما صحة الجملة فلا أستطيع الحكم عليها.
claim-first = نظرت في أول { $count } من { $sentences } جملة.
limit-in = في: { $titles }
limit-after = بعد { $date }
limit-before = قبل { $date }
limits-only = قلت أين أبحث ولم تقل عمّ أبحث. أضف سؤالًا من فضلك.
date-unknown = لا أستطيع قراءة «{ $value }» كتاريخ. اكتبه هكذا: after:2011 أو after:2011-06 أو after:2011-06-12.
dates-crossed = لا زمن بين هذين التاريخين: { $value }
link-gone = لم تعد الفقرة التي يقود إليها هذا الرابط في وثائقي.
link-gone-closest = لم تعد الفقرة التي يقود إليها هذا الرابط في وثائقي. هذه أقرب فقرة إليها الآن:

## What people think of an answer

vote-noted = شكرًا، سجّلت ذلك.
which-right = أي فقرة كانت الصحيحة؟ إن شئت فأخبرني: هذا يحسّن الإجابات.
none-right = لا واحدة منها
right-noted = شكرًا، سجّلت ذلك.

## Waiting for an answer

tell-noted = سأخبرك هنا حين تجيب الوثائق عن هذا.
tell-too-many = تنتظر الآن { $most } سؤالًا، وهذا أقصى ما أحتفظ به.
now-answered = سألت هذا من قبل، والوثائق تجيب عنه الآن:

## What is kept

privacy = ما أحتفظ به عنك، وإلى متى:
kept-updates = ما تكتبه، إلى أن أجيب عنه؛ ثم رقمه وحده، أو كله إن عجزت عنه، والمدة بالأيام: { $days }
kept-cards = أسئلتك مع إجاباتي كي تظل أزرارها تعمل، والمدة بالأيام: { $days }
kept-asked = أسئلتك وكيف كانت نتيجتها، كي يرى من يدير هذا البوت أي وثيقة تنقص، والمدة بالأيام: { $days }
kept-votes = تقييماتك، وأي فقرة قلت إنها الصحيحة، والمدة بالأيام: { $days }
kept-waiting = الأسئلة التي تنتظر جوابها، وأقصى مدة بالأيام: { $days }
kept-uses = متى سألت، لأجل العدّ، والمدة بالأيام: { $days }، حتى بعد /forget
kept-rebuilds = عن المديرين: ما طلبوه ولم يُنجز بعد، وأقصى مدة بالأيام: { $days }
kept-members = أنك دخلت بدعوة، إلى أن تُلغى
logged = تُكتب الأسئلة أيضًا في سجل هذا البوت.
not-logged = لا تُكتب الأسئلة في أي سجل.
privacy-forget = الأمر /forget يحذف ما أحتفظ به عنك.
forget-sure = هل أنسى كل ما أحتفظ به عنك؟ لن تعمل بعدها الأزرار تحت إجاباتي السابقة، ولن أخبرك بأجوبة تنتظرها.
forget-invited = ستحتاج إلى دعوة جديدة كي تسأل من جديد.
forget-yes = نعم، انسَ ذلك
forget-not-yours = هذا لمن أرسل /forget.
forgotten = تم. نسيت كل ما كنت أحتفظ به عنك.


## For admins

command-stats = ما سُئل وما لم يكن له جواب
command-invite = رابط يُدخل شخصًا
command-remove = إلغاء دخول شخص
command-rebuild = تحديث الفهرس
command-rollback = الرجوع إلى الفهرس السابق
command-status = حالة الفهرس
documents = { $count ->
        [zero] لا وثائق
        [one] وثيقة واحدة
        [two] وثيقتان
        [few] { $count } وثائق
        [many] { $count } وثيقة
       *[other] { $count } وثيقة
    }
and-more = و{ $count } غيرها
ago-now = الآن
ago-minutes = { $count ->
        [one] قبل دقيقة
        [two] قبل دقيقتين
        [few] قبل { $count } دقائق
        [many] قبل { $count } دقيقة
       *[other] قبل { $count } دقيقة
    }
ago-hours = { $count ->
        [one] قبل ساعة
        [two] قبل ساعتين
        [few] قبل { $count } ساعات
        [many] قبل { $count } ساعة
       *[other] قبل { $count } ساعة
    }
ago-days = { $count ->
        [one] قبل يوم
        [two] قبل يومين
        [few] قبل { $count } أيام
        [many] قبل { $count } يومًا
       *[other] قبل { $count } يوم
    }
status-live = الفهرس المستخدم: { $generation }، بُني { $ago }
status-none = لا فهرس مستخدم بعد.
status-encoder = نموذج الترميز: { $encoder }
status-withheld = فهرس محفوظ جانبًا: { $generation }، فهو يجيب عن عدد أقل من الأسئلة المرجعية
status-rolled-back = جرى الرجوع عن { $generation }. يبقى الأمر كذلك إلى أن تتغير الوثائق أو يُرسَل /rebuild.
status-building = يجري الآن بناء فهرس.
status-current = الفهرس محدَّث.
status-stale = الفهرس غير محدَّث:
status-healthy = البوت يعمل جيدًا.
status-problems = في البوت مشكلات:
rebuild-running = يجري بناء فهرس بالفعل. سأخبرك حين ينتهي.
rebuild-starting = يبدأ البناء.
rebuild-waiting = يجري بناء آخر، وهذا يأتي بعده.
rebuild-reading = قراءة الملفات: { $done } من { $total }
rebuild-encoding = ترميز الفقرات: { $done } من { $total }
rebuild-judging = طرح الأسئلة المرجعية: { $done } من { $total }
rebuild-promoted = الفهرس الجديد مستخدم الآن: { $documents }، { $passages }.
rebuild-current = الفهرس محدَّث، ولم يكن هناك ما يُبنى.
rebuild-withheld = لم يُستخدم الفهرس الجديد لأنه يجيب عن عدد أقل من الأسئلة المرجعية. يستمر الفهرس السابق في الإجابة.
rebuild-failed = فشل البناء. يستمر الفهرس السابق في الإجابة.
rebuild-timeout = { $count ->
        [one] استغرق أكثر من دقيقة.
        [two] استغرق أكثر من دقيقتين.
        [few] استغرق أكثر من { $count } دقائق.
        [many] استغرق أكثر من { $count } دقيقة.
       *[other] استغرق أكثر من { $count } دقيقة.
    }
rebuild-interrupted = أُعيد تشغيلي أثناء البناء. أرسل /rebuild لتكراره.
changed-documents = الوثائق: أُضيف { $added }، تغيّر { $changed }، حُذف { $removed }
changed-passages = الفقرات: أُضيف { $added }، تغيّر { $changed }، حُذف { $removed }
golden-right = الأسئلة المرجعية: { $right } من { $asked } صحيحة
golden-broken = لم يعد يُجاب عن هذه الأسئلة، ومعها ما يأتي الآن:
left-out = لم تُقرأ:
rollback-ask = الفهرس المستخدم هو { $live }. هل نرجع إلى { $earlier } الذي بُني { $ago } من { $documents }؟
rollback-button = الرجوع إلى { $generation }
rollback-done = { $generation } هو المستخدم الآن. يبقى كذلك إلى أن تتغير الوثائق أو يُرسَل /rebuild.
rollback-none = لا يوجد فهرس سابق للرجوع إليه.
rollback-changed = تغيّر الفهرس منذ ذلك الحين. أرسل /rollback لترى حاله الآن.
rollback-busy = يجري الآن بناء فهرس. اضغط مرة أخرى حين ينتهي.
review-title = العنوان: { $title }
review-language = اللغة: { $language }
review-paragraphs = عدد الفقرات: { $count }
review-begins = تبدأ هكذا:
added = أُضيفت: { $file }
added-before = { $file } بين الوثائق من قبل، بالنص نفسه حرفيًا.
offer = بين الوثائق وثيقة أخرى باسم { $file }. هل أستبدلها؟ حجمها { $before } بايت، وحجم هذه { $now }.
offer-replace = استبدلها
offer-keep = أبقِ القديمة
offer-taken = استُبدلت: { $file }
offer-kept = تبقى { $file } القديمة.
offer-gone = لم تعد هذه الوثيقة عندي. أرسلها مرة أخرى من فضلك.
not-added-type = لا أستطيع قراءة هذا النوع من الوثائق. أقرأ { $known }
not-added-too-large = هذه الوثيقة كبيرة جدًا. الحد هو { $most } ميغابايت.
not-added-download = لم أستطع جلب هذه الوثيقة من تيليغرام. أرسلها مرة أخرى من فضلك.
not-added-unreadable = لم تُضف { $file }. السبب: { $reason }
not-added-in-the-way = لم تُضف { $file }، فهناك مجلد أو رابط بهذا الاسم.
not-added-changed = لم تُضف { $file }، فقد شُغل مكانها في هذه الأثناء. أرسلها مرة أخرى من فضلك.
not-added-disk = لا يمكن كتابة الوثيقة: { $reason }
