"""The filterable attributes that all categories of the demo share."""

from web.demo.content import Attribute, AttributeType, Category, Choice

_COLOURS = (
    ("red", "Red", "红"),
    ("pink", "Pink", "粉"),
    ("purple", "Purple", "紫"),
    ("blue", "Blue", "蓝"),
    ("green", "Green", "绿"),
    ("yellow", "Yellow", "黄"),
    ("brown", "Brown", "棕"),
    ("beige", "Beige", "米"),
    ("white", "White", "白"),
    ("black", "Black", "黑"),
)
MATERIALS = {
    "aluminium": ("Aluminium", "铝"),
    "ash": ("Ash", "白蜡木"),
    "bamboo": ("Bamboo", "竹"),
    "birch": ("Birch", "桦木"),
    "brass": ("Brass", "黄铜"),
    "canvas": ("Canvas", "帆布"),
    "carbon": ("Carbon fibre", "碳纤维"),
    "clay": ("Clay", "陶土"),
    "cotton": ("Cotton", "棉"),
    "fruit": ("Fruit", "水果"),
    "glass": ("Glass", "玻璃"),
    "honey": ("Honey", "蜂蜜"),
    "ink": ("Ink", "墨水"),
    "leather": ("Leather", "皮革"),
    "linen": ("Linen", "麻"),
    "mesh": ("Mesh", "网布"),
    "nuts": ("Nuts", "坚果"),
    "oak": ("Oak", "橡木"),
    "paper": ("Paper", "纸"),
    "pastry": ("Pastry", "糕点"),
    "plant": ("Living plant", "植物"),
    "porcelain": ("Porcelain", "瓷"),
    "resin": ("Resin", "树脂"),
    "rubber": ("Rubber", "橡胶"),
    "soap": ("Soap", "皂"),
    "steel": ("Steel", "钢"),
    "stoneware": ("Stoneware", "炻器"),
    "tea": ("Tea", "茶叶"),
    "walnut": ("Walnut", "胡桃木"),
    "wax": ("Wax", "蜡"),
    "willow": ("Willow", "柳条"),
    "wool": ("Wool", "羊毛"),
    "zinc": ("Zinc", "镀锌铁"),
}
COLOUR = Attribute("colour", "Colour", "颜色", AttributeType.SELECT, options=tuple(Choice(*row) for row in _COLOURS))


def category(slug: str, name_en: str, name_zh: str, parent: str, materials: str) -> Category:
    """Make a category whose listings are filtered by colour and by the named materials (space-separated)."""
    options = tuple(Choice(code, *MATERIALS[code]) for code in materials.split())
    material = Attribute("material", "Material", "材质", AttributeType.SELECT, options=options)
    return Category(slug, name_en, name_zh, parent, (COLOUR, material))
