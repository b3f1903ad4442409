"""Events with JSON of any depth come out of the outbox as they went in."""

from __future__ import annotations

import pytest

from core.hooks.events import Event, PluginEvent, SubjectEvent
from core.kernel import clock, codec
from core.kernel.ids import new_id

FACTS = {"order": "one", "units": [1, {"of": None}], "is_whole": True, "empty": {}}


@pytest.mark.parametrize(
    "event",
    [
        SubjectEvent(new_id(), clock.now(), "return", "received", new_id(), FACTS),
        PluginEvent(new_id(), clock.now(), "purchasing.received", 1, FACTS),
    ],
)
def test_an_event_is_the_same_after_the_outbox(event: Event) -> None:
    assert codec.load(type(event), codec.dump(event)) == event
