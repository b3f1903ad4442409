"""Harbour & Hill: an Irish marketplace of makers that lives from commission."""

from web.demo.content import Address, Buyer, Coupon, Funding, Marketplace, Policy, Rate
from web.demo.facets import category
from web.demo.harbour import audio, bags, home, kitchen, outdoors, plants, stationery, textiles
from web.demo.harbour.shops import SHOPS
from web.demo.lines import expand

CATEGORIES = (
    category("home", "Home", "家居", "", "ash linen oak soap wax willow"),
    category("kitchen", "Kitchen", "厨房", "", "oak steel stoneware"),
    category("textiles", "Textiles", "织物", "", "cotton linen wool"),
    category("stationery", "Stationery", "文具", "", "brass paper"),
    category("plants", "Plants", "植物", "", "plant zinc"),
    category("bags", "Bags", "箱包", "", "canvas leather"),
    category("audio", "Audio", "音响", "", "aluminium birch walnut"),
    category("outdoors", "Outdoors", "户外", "", "canvas cotton leather steel"),
)
LINES = tuple(
    line for module in (home, kitchen, textiles, stationery, plants, bags, audio, outdoors) for line in module.LINES
)
# Name, street, city, county, postcode, country, telephone.
_PEOPLE = (
    ("Niamh Gallagher", "14 Sundays Well Road", "Cork", "Co. Cork", "T23 X4K7", "IE", "+353 21 555 0114"),
    ("Cian Doherty", "3 Sea Road", "Galway", "Co. Galway", "H91 F2P8", "IE", "+353 91 555 0103"),
    ("Orla Brennan", "27 Heytesbury Street", "Dublin 8", "Co. Dublin", "D08 W6A1", "IE", "+353 1 555 0127"),
    ("Fergus Nolan", "8 John Street", "Kilkenny", "Co. Kilkenny", "R95 D3V0", "IE", "+353 56 555 0108"),
    ("Saoirse Byrne", "41 Henry Street", "Limerick", "Co. Limerick", "V94 T5C2", "IE", "+353 61 555 0141"),
    ("Eoin McCarthy", "6 The Quay", "Westport", "Co. Mayo", "F28 N1H9", "IE", "+353 98 555 0106"),
    ("Marta Kowalska", "ul. Mostowa 12/4", "Kraków", "Małopolskie", "31-061", "PL", "+48 12 555 01 12"),
    ("Jonas Weber", "Lindenstraße 58", "Köln", "Nordrhein-Westfalen", "50674", "DE", "+49 221 5550158"),
    (
        "Camille Laurent",
        "19 rue des Carmes",
        "Nantes",
        "Loire-Atlantique",
        "44000",
        "FR",
        "+33 2 55 50 01 19",
    ),
    ("Sanne de Vries", "Oudegracht 203", "Utrecht", "Utrecht", "3511 NG", "NL", "+31 30 555 0203"),
    ("Lucía Ortega", "Calle Larios 22", "Málaga", "Málaga", "29005", "ES", "+34 955 550 122"),
    (
        "Elin Lindqvist",
        "Andra Långgatan 9",
        "Göteborg",
        "Västra Götaland",
        "413 03",
        "SE",
        "+46 31 555 01 09",
    ),
)
BUYERS = tuple(
    Buyer(name, f"buyer{number:02d}@harbour.example", city, Address(street, city, region, post, land, phone))
    for number, (name, street, city, region, post, land, phone) in enumerate(_PEOPLE, start=1)
)
COUPONS = (
    Coupon(
        "WELCOME",
        "5 euro off your first order",
        Funding.PLATFORM,
        amount_minor=500,
        minimum_minor=3_000,
        platform_share_bps=10_000,
    ),
    Coupon("EMBER10", "10 % at Slip & Ember", Funding.MERCHANT, percent_bps=1_000, cap_minor=2_000, shop="slip"),
    Coupon(
        "SUMMER15",
        "15 % off outdoors, shared with the maker",
        Funding.SHARED,
        percent_bps=1_500,
        minimum_minor=5_000,
        cap_minor=4_000,
        shop="longacre",
        platform_share_bps=5_000,
    ),
)
RATES = (
    Rate("Audio", ("audio",), 800, floor_minor=50, cap_minor=6_000),
    Rate("Stationery and books", ("stationery",), 1_200, floor_minor=20),
    Rate("Plants", ("plants",), 900, per_unit_minor=30),
    Rate("Kitchen and textiles", ("kitchen", "textiles"), 1_000, floor_minor=40),
    Rate("Bags and outdoors", ("bags", "outdoors"), 1_100, cap_minor=4_500),
    Rate("Everything else", (), 1_000, floor_minor=30),
)
POLICIES = (
    Policy(
        "delivery",
        "Delivery",
        "Each shop packs and posts its own goods, so an order from two shops comes in two parcels. "
        "The price and the expected days are shown before you pay.\n\n"
        "We deliver to Ireland and the European Union. Large furniture comes by courier, by appointment.",
    ),
    Policy(
        "returns",
        "Returns and withdrawal",
        "You may withdraw within 14 days of receiving your goods without giving a reason; "
        "most shops allow 30. "
        "Use the button *Withdraw from contract here* in your order.\n\n"
        "We refund what you paid, with standard delivery, within 14 days. "
        "Things made to your measure and plants that have been repotted cannot be returned.",
    ),
    Policy(
        "privacy",
        "Privacy",
        "We keep your name, address and orders in order to deliver, to answer you and to meet tax law. "
        "A shop sees only what it needs for your parcel.\n\n"
        "Ask for a copy, a correction or deletion at any time under *My data*. We sell nothing to anybody.",
    ),
    Policy(
        "terms",
        "Terms of use",
        "Your contract is with the shop named on the product page; we run the market and take the payment. "
        "Shops marked *Harbour & Hill* are ourselves.\n\n"
        "Results are ordered by how well they fit, by rating and by delivery. "
        "Paid places are marked as such.",
    ),
    Policy(
        "imprint",
        "About this demo",
        "Harbour & Hill is an invented company for demonstration. "
        "Its shops, people and addresses are invented.\n\n"
        "Contact: hello@harbour.example",
    ),
)
HARBOUR = Marketplace(
    slug="harbour",
    name="Harbour & Hill",
    tagline="Good things from small workshops",
    country="IE",
    currency="EUR",
    timezone="Europe/Dublin",
    languages=("en", "zh"),
    preset="commission",
    brand_hex="#2F5D62",
    categories=CATEGORIES,
    shops=SHOPS,
    listings=expand(LINES),
    buyers=BUYERS,
    coupons=COUPONS,
    rates=RATES,
    policies=POLICIES,
)
