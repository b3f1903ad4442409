"""Drawn histories end in what the rules give, step by step; `python -m tests.cases --histories 10000` plays more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.kernel.tenancy import Tenant
from tests.cases import inside


@pytest.mark.parametrize("seed", [1, 2])
def test_drawn_histories_end_as_the_rules_say(seed: int, make_tenant: Callable[..., Tenant]) -> None:
    assert inside.play(30, seed, inside.opener(make_tenant)) == []
