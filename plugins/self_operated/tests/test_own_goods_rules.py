"""Nobody else writes the mark, and own orders hold commission's place."""

from __future__ import annotations

import pytest

from plugins.self_operated.rules import Mark


@pytest.mark.parametrize(
    "title", ["Lamp SOLD  by us!", "sold-by-us lamp", "s o l d by us", "京东自营 台灯", "自 营 台灯"]
)
def test_the_mark_is_found_however_it_is_written(title: str) -> None:
    assert Mark().is_in(title)


@pytest.mark.parametrize("title", ["Lamp by us", "台灯", "Sold by Usha", "resold by us", ""])
def test_other_titles_are_left_alone(title: str) -> None:
    assert not Mark().is_in(title)


def test_the_mark_speaks_the_readers_language() -> None:
    assert [Mark().word(locale) for locale in ("en", "zh", "zh_CN", "de")] == [
        "Sold by us",
        "自营",
        "自营",
        "Sold by us",
    ]
