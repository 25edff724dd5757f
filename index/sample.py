"""A few plain sentences on many subjects: enough to see how an unknown encoder spreads words."""

from __future__ import annotations

__all__ = ["SAMPLE"]

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
)
