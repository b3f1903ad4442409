"""The first categories of a marketplace, so that its merchants need not wait for the operator."""

from __future__ import annotations

from collections.abc import Mapping

CATEGORIES: tuple[tuple[str, str, str], ...] = (
    ("home-living", "Home & Living", "家居生活"),
    ("fashion", "Clothing & Accessories", "服饰配件"),
    ("electronics", "Electronics", "数码电子"),
    ("food-drink", "Food & Drink", "食品饮料"),
    ("beauty-health", "Beauty & Health", "美妆健康"),
    ("kids-toys", "Kids & Toys", "母婴玩具"),
    ("sports-outdoor", "Sports & Outdoor", "运动户外"),
    ("books-stationery", "Books & Stationery", "图书文具"),
)
"""Slug, English name, Chinese name."""


def rows() -> list[Mapping[str, object]]:
    """Return the values of the category rows, without keys."""
    return [
        {"parent_id": None, "slug": slug, "path": slug, "names": {"en": english, "zh": chinese},
         "position": position, "is_active": True}
        for position, (slug, english, chinese) in enumerate(CATEGORIES)
    ]  # fmt: skip
