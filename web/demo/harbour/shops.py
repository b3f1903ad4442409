"""The shops of Harbour & Hill."""

from web.demo.content import Delivery, Shop

POST = Delivery("post", "An Post tracked", 550, 7_500, (2, 4))
EUROPE = Delivery("europe", "Tracked to the EU", 1_290, 15_000, (4, 8))
COURIER = Delivery("courier", "Courier, two-person for furniture", 1_490, 25_000, (2, 5))
PICKUP = Delivery("pickup", "Collect from the workshop", 0, None, (0, 1))
SMALL = (POST, EUROPE, PICKUP)
LARGE = (COURIER, EUROPE, PICKUP)
RETURNS = "Send it back unused within 30 days; we refund within 5 days of its arrival. You pay the return post."
OPEN = "Mon-Fri 9:00-17:30, Sat 10:00-14:00"


def _shop(slug: str, name: str, city: str, hue: str, monogram: str, story: str) -> Shop:
    delivery = LARGE if slug in {"own", "lowtide", "greenyard"} else SMALL
    return Shop(slug, name, story, city, slug == "own", slug != "forge", delivery, RETURNS, OPEN, hue, monogram)


SHOPS = (
    _shop(
        "own", "Harbour & Hill Home", "Cork", "#2F5D62", "H",
        "This is our own shelf: the lamps, chairs and baskets that we wanted and could not find. "
        "We design them at the kitchen table in Cork and have them made within a day's drive. "
        "Everything is kept in our own store by the quay, so it leaves the same afternoon.",
    ),
    _shop(
        "tallow", "Tallow Lane", "Waterford", "#8A7A4E", "T",
        "Aoife poured her first candles in jam jars for a school fair and sold out before lunch. "
        "Ten years on there are four of us in an old creamery, still pouring by hand. "
        "Our scents come from walks, and we keep them quieter than the walk was.",
    ),
    _shop(
        "slip", "Slip & Ember", "Galway", "#B4552D", "S",
        "Two potters, one wheel each and a gas kiln that we call the boss. "
        "We dig a little of our own clay near Spiddal and buy the rest from honest people. "
        "Nothing leaves the studio until one of us has had breakfast from it.",
    ),
    _shop(
        "forge", "Coppinger Forge", "Kilkenny", "#3C3F46", "F",
        "Dan forged gates until his shoulder asked for something smaller. "
        "Now he makes knives and pans, and his sister Róisín planes the boards that go under them. "
        "Send a blade back whenever it is dull and it returns sharp, with no bill.",
    ),
    _shop(
        "weavers", "Ardara Weavers", "Donegal", "#4F6B57", "A",
        "Weaving has been done in this valley for as long as there have been sheep to look at. "
        "Our nine looms are older than we are and twice as stubborn. "
        "The colours are taken from what we can see through the door on the day.",
    ),
    _shop(
        "folio", "Folio & Thread", "Dublin", "#5A4A78", "L",
        "We bind books in a basement off Capel Street, where the press came down in three pieces. "
        "Paper is chosen with a fountain pen in hand, by the sound as much as the feel. "
        "Prints are pulled on Thursdays, and you are welcome to come and get ink on your sleeve.",
    ),
    _shop(
        "greenyard", "The Green Yard", "Kildare", "#3F7853", "Y",
        "A walled garden, two glasshouses and a rule against peat since 2009. "
        "We grow slowly, so that a plant survives your hall as well as our bench. "
        "Every pot travels with a card that says what it wants, in one sentence.",
    ),
    _shop(
        "saddle", "Saddle Row", "Limerick", "#7A5238", "R",
        "Three generations made harness for horses; the fourth makes bags for people on trains. "
        "The tools are the same, and so is the stitch. "
        "When a strap gives out, and one day it will, we put on another for nothing.",
    ),
    _shop(
        "lowtide", "Low Tide Audio", "Wicklow", "#2F4A68", "O",
        "We build radios and loudspeakers in a boathouse with very good acoustics and poor heating. "
        "Every model is tuned in living rooms with carpets, children and a dog. "
        "Circuits are drawn so that a patient person can mend them, and we publish the drawings.",
    ),
    _shop(
        "longacre", "Long Acre Outfitters", "Westport", "#7C7F45", "N",
        "The long acre is the grass at the side of the road, free for anybody's cow. "
        "We make what you need for going along it: boots, tents, bottles and a watch. "
        "All of it is tested on Croagh Patrick in February by somebody who lost a bet.",
    ),
)  # fmt: skip
