"""Cells of downloads are text to a spreadsheet, never formulas."""

from __future__ import annotations

import pytest

from core.http import csv


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+353 1", "'+353 1"),
        ("-cmd", "'-cmd"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("-12.50", "-12.50"),
        ("plain", "plain"),
        (None, ""),
        (7, "7"),
    ],
)
def test_only_text_that_would_run_is_led_by_an_apostrophe(given: object, shown: str) -> None:
    assert csv.cell(given) == shown
