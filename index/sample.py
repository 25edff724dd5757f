"""A few plain sentences on many subjects, in the languages that many encoders know.

They are enough to see in which directions an encoder that nothing was trained for spreads words.
"""

from __future__ import annotations

__all__ = ["SAMPLE", "SAMPLE_VERSION"]

SAMPLE_VERSION = "sample 1"
"""Change it with the sentences: cached word vectors were projected by them."""

SAMPLE = (
    "The ferry leaves the northern harbour at half past six and reaches the island before dark.",
    "Parliament passed the budget by three votes after a debate that lasted until the morning.",
    "A virus needs the machinery of a living cell to make copies of itself.",
    "He bought two pounds of flour, a dozen eggs and a bottle of olive oil at the market.",
    "The court ruled that the company must pay its former workers twelve million dollars.",
    "Granite forms deep underground, where molten rock cools slowly and large crystals grow.",
    "Our team lost the final by one goal, scored in the last minute of extra time.",
    "Soldiers guarded the bridge while engineers searched the road for mines.",
    "To reset your password, open the settings page and choose the option for your account.",
    "Whales breathe air, bear living young and feed them with milk, as all mammals do.",
    "The novel tells of a widow who returns to her village after forty years abroad.",
    "Interest rates rose again in March, and many families could no longer afford a house.",
    "Turn left at the church, walk down the hill, and you will see the school on your right.",
    "The new telescope found water vapour around a planet that circles a small red star.",
    "Take one tablet twice a day with food, and see a doctor if the fever does not fall.",
    "In 1848 crowds in Vienna, Berlin and Paris demanded constitutions and a free press.",
    "The violin and the cello answer each other in the slow movement of the quartet.",
    "Refunds are paid within fourteen days if the goods come back unused in their box.",
    "Heavy rain has flooded the valley, and two hundred people spent the night in a gymnasium.",
    "A function that calls itself must have a case in which it stops.",
    "The farmers grow rice and beans on terraces that their ancestors cut into the mountain.",
    "She studied chemistry at the university and became the first woman to lead its laboratory.",
    "Bread rises because yeast turns sugar into gas, which stretches the dough.",
    "The minister resigned on Tuesday over reports that he had hidden gifts from a bank.",
    "Children under five travel free; everybody else needs a ticket before boarding the train.",
    "Copper carries electricity well, resists rust and can be drawn into thin wire.",
    "The painter mixed blue and yellow until the meadow had the green of early spring.",
    "Refugees crossed the border on foot, carrying what they could in blankets and bags.",
    "Save the file, close every window, and start the computer again.",
    "The museum keeps letters, maps and coins from the age when the city ruled the sea.",
    "La panadera abre la tienda a las seis y vende el pan caliente a los vecinos del barrio.",
    "Le maire a promis que le nouveau pont sera ouvert aux voitures avant la fin de l'année.",
    "Die Ärztin untersuchte den Jungen gründlich und schickte ihn mit einem Rezept heim.",
    "La squadra ha vinto la partita con due gol segnati negli ultimi cinque minuti di gioco.",
    "A chuva forte destruiu a ponte velha, e as crianças ficaram uma semana sem escola.",
    "Учёные нашли в пещере рисунки, которым, по их словам, более двадцати тысяч лет.",
    "أعلنت الحكومة أن المدارس ستغلق أبوابها ثلاثة أيام بسبب العاصفة القادمة من البحر.",
    "Köylüler yolu kardan temizledikten sonra ilaçlar ve yiyecekler dağ köylerine ulaştı.",
    "किसानों ने कहा कि इस साल बारिश कम हुई और गेहूँ की फसल आधी रह गई।",
    "研究人员发现，这种植物的叶子可以用来治疗发烧，但是根部有毒。",
    "駅前の古い図書館は来年の春に取り壊され、その跡地に病院が建てられる予定です。",
    "정부는 내년부터 모든 학교에서 점심을 무료로 제공하겠다고 발표했다.",
    "Petani itu menjual sayur di pasar setiap pagi sebelum matahari terbit di balik gunung.",
    "نویسنده در کتاب تازه‌اش از کودکی خود در شهری کوچک کنار دریا می‌گوید.",
    "Wakulima walipanda mahindi mapema mwaka huu kwa sababu mvua ilianza kunyesha Februari.",
)
