# كل ما يقوله Verbatim بالعربية

## Commands and their answers

command-ask = اطرح سؤالًا، مثل: /ask من أرسل تقريرًا من بيروت
command-sources = الوثائق التي أجيب منها
command-help = كيف يعمل هذا
start =
    اسألني سؤالًا وسأجيبك بفقرات من وثائقي حرفيًا، كل فقرة مع مصدرها الدقيق. الأمر /sources يعرض الوثائق.
help =
    اكتب سؤالك فحسب. أبحث عن الفقرات التي تجيب عنه أفضل إجابة وأقتبسها حرفيًا؛ الجملة التي تجيب مكتوبة بخط عريض، وتحت كل اقتباس مصدره. لا أكتب إجابة من عندي أبدًا: إن لم تكن الإجابة في الوثائق قلت ذلك.

    /ask مع السؤال – الشيء نفسه في المجموعات
    /sources – الوثائق التي أجيب منها
ask-usage = اكتب سؤالك بعد الأمر هكذا: /ask من أرسل تقريرًا من بيروت
only-text = لا أقرأ إلا النصوص. اكتب لي سؤالك بالكلمات من فضلك.
unknown-command = لا أعرف هذا الأمر. الأمر /help يشرح ما أستطيع فعله.
too-late = عذرًا، كنت غائبًا حين سألت هذا السؤال. إن كنت لا تزال تريد الجواب فاسأل من جديد.
failed = عذرًا، حدث خطأ من جهتي. حاول أن تسأل مرة أخرى بعد قليل.

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
chat-greeting = اطرح سؤالًا. Ctrl-D للإنهاء.

## Source documents

original-open = فتح الوثيقة
original-gone = هذه الوثيقة لم تعد موجودة.
original-changed = تغيّرت هذه الوثيقة بعد أن قرأتها. أعد السؤال بعد قليل من فضلك.
original-too-large = هذه الوثيقة أكبر من أن تُرسل هنا.

## For admins

command-rebuild = تحديث الفهرس
command-rollback = الرجوع إلى الفهرس السابق
command-status = حالة الفهرس
button-void = هذا الزر لم يعد يعمل.
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
