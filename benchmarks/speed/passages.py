"""Passages to save, each with a question that shares no word with it.

No search by words can find one from the other, so that whoever does has used meaning. They speak
of things no software repository does, so that nothing else in it is nearer.
"""

from __future__ import annotations

__all__ = ["PAIRS"]

PAIRS: tuple[tuple[str, str], ...] = (
    ("The ferry to the island casts off at dawn, once the tide is high enough.", "boat departure hour"),
    ("Knead the dough until it is elastic and let it rise beneath a damp cloth.", "how bread is made"),
    ("Our cellist snapped a string in the middle of the adagio.", "orchestra musician mishap"),
    ("Glaciers in the valley retreat by forty metres each summer.", "ice melting because of climate"),
    ("The vet bandaged the puppy's injured paw and gave it a biscuit.", "animal doctor treating a dog"),
    ("Prune the roses in late winter, just above an outward bud.", "when to cut garden flowers"),
    ("The goalkeeper dived to his left and saved the penalty.", "soccer match highlight"),
    ("Saturn's rings are mostly frozen water with a little rock.", "composition of planets in space"),
    ("The bride's grandmother wept when the couple exchanged vows.", "wedding ceremony emotions"),
    ("Simmer the lentils with cumin, garlic and a bay leaf.", "soup recipe spices"),
    ("A toddler with measles should stay home until the fever has gone.", "sick child contagious illness"),
    ("The knight swore fealty to his king and rode toward the castle.", "medieval loyalty to a monarch"),
    ("Shear the ewes in May, before the heat sets upon the pasture.", "removing wool of sheep"),
    ("Turbulence shook the aircraft as it descended over the mountains.", "bumpy plane flight"),
    ("The auctioneer sold the portrait for three million.", "expensive painting bought"),
    ("Coffee beans are roasted until they crack for the second time.", "preparing espresso drink"),
    ("The surgeon removed her inflamed appendix overnight.", "hospital abdominal operation"),
    ("Whales sing to one another across entire oceans.", "sea mammals communicate by sound"),
    ("Volcanic ash buried the Roman town within hours.", "eruption destroyed Pompeii"),
    ("The tailor shortened his trousers by two centimetres.", "clothes alteration, garment hem"),
    ("Bees dance to tell the hive where nectar can be gathered.", "honey insects signalling food"),
    ("Hikers must boil stream water before drinking it.", "trekking hydration safety"),
    ("The novelist burned her first manuscript in the fireplace.", "author destroyed a book draft"),
    ("An earthquake cracked the cathedral's dome.", "seismic damage to church roof"),
    ("Retired miners meet at the pub to play dominoes.", "pensioners' board games in a bar"),
    ("The chess grandmaster sacrificed her queen on move twelve.", "bold gambit in a tournament"),
    ("Monsoon rains flooded the paddies and drowned the seedlings.", "heavy storm harming rice crops"),
    ("The dentist filled two cavities and polished my molars.", "teeth repair appointment"),
    ("Penguins huddle to survive the Antarctic blizzard.", "polar birds keeping warm"),
    ("The jury acquitted the banker of fraud.", "court verdict for a financier"),
    ("Ballerinas soak their blistered feet in salted water.", "dancers' toes painful"),
    ("The lighthouse keeper trimmed the wick every evening.", "coastal beacon lamp maintenance"),
    ("Apples from this orchard are pressed into cider each October.", "autumn fruit alcohol"),
    ("The kidnapped heiress was ransomed for diamonds.", "abduction of rich woman, jewels paid"),
    ("Camels store fat, not moisture, inside their humps.", "desert animals' bodies"),
    ("The pianist practised scales for six hours a day.", "keyboard musician rehearsal"),
    ("Sunburn is soothed by aloe and cold compresses.", "skin hurt after beach"),
    ("The astronomer discovered a comet with her backyard telescope.", "new celestial object observed"),
    ("Wolves were reintroduced to the park to control the elk.", "predators limiting deer population"),
    ("The blacksmith hammered a horseshoe on the glowing anvil.", "forging iron metalwork"),
)
