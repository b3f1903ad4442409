"""Charts are drawn to scale and can be read without seeing them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask

from web import charts, languages
from web.charts import Series


@pytest.fixture(autouse=True)
def _app() -> Iterator[None]:
    app = Flask("web")
    languages.register(app)
    with app.test_request_context("/"):
        yield


def test_ticks_are_round_and_cover_the_values() -> None:
    assert charts.nice_ticks(0, 52) == [0, 20, 40, 60]
    assert charts.nice_ticks(-3, 7) == [-5, -2.5, 0, 2.5, 5, 7.5]
    assert charts.nice_ticks(0, 0) == [0, 0.25]


def test_every_value_stands_in_the_table_with_its_unit() -> None:
    drawn = charts.line(["Mon", "Tue"], [Series("Sales", [1200, 7])], title="Sales", unit="k")
    assert re.findall(r"<td>([^<]+)</td>", drawn) == ["1,200k", "7k"]
    assert "<caption>Sales</caption>" in drawn


def test_tips_name_label_series_and_value() -> None:
    drawn = charts.line(["Mon"], [Series("A", [1]), Series("B", [2])], title="T")
    tips = re.search(r'data-tips="([^"]*)"', drawn)
    assert tips is not None
    assert json.loads(unescape(tips.group(1))) == ["Mon · A 1 · B 2"]


def test_bars_start_at_zero() -> None:
    drawn = charts.bar(["a", "b"], [Series("S", [50, 100])], title="T")
    low, high = (float(height) for height in re.findall(r'height="([\d.]+)" rx', drawn)[:2])
    assert high == pytest.approx(low * 2, abs=0.2)


def test_stacked_parts_sum_to_the_height_of_the_whole() -> None:
    drawn = charts.stack(["a", "b"], [Series("S", [30, 60]), Series("T", [30, 0])], title="T")
    first, second, whole = (float(height) for height in re.findall(r'height="([\d.]+)" rx', drawn)[:3])
    assert first + second == pytest.approx(whole, abs=0.2)


def test_names_cannot_carry_markup() -> None:
    drawn = charts.donut(["<script>"], [1], title='"><script>')
    assert "<script" not in drawn


def test_more_than_five_series_are_refused() -> None:
    with pytest.raises(ValueError, match="group the rest"):
        charts.line(["a"], [Series(str(n), [n]) for n in range(6)], title="T")


@pytest.mark.parametrize("draw", [charts.line, charts.bar, charts.stack])
def test_no_figures_say_so(draw: type) -> None:
    assert "no figures yet" in draw([], [], title="Sales")
