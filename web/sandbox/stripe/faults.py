"""Faults that tests ask for: lost answers, errors, slowness."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What goes wrong, and whether before or after the work is done."""

    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    ERROR = "500"
    RATE_LIMIT = "429"
    HANG = "hang"
    HANG_BEFORE = "hang_before"


@dataclass(slots=True)
class Fault:
    """The next `times` requests below a path go wrong; `seconds` is how long a hanging one waits.

    `method` lets only requests of one method go wrong; "" means any.
    """

    path_prefix: str
    mode: Mode
    times: int = 1
    seconds: float = 5.0
    method: str = ""

    def hits(self, method: str, path: str) -> bool:
        """Tell whether a request is to go wrong."""
        return path.startswith(self.path_prefix) and self.method in {"", method}


class Faults:
    """The faults that are still to happen, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Let requests go wrong."""
        with self._lock:
            self._planned.append(fault)

    def clear(self) -> None:
        """Let everything go well again."""
        with self._lock:
            self._planned.clear()

    def planned(self) -> int:
        """Count the faults that have not begun to happen or not happened often enough."""
        with self._lock:
            return len(self._planned)

    def take(self, method: str, path: str) -> Fault | None:
        """Say what goes wrong with this request."""
        with self._lock:
            found = next((fault for fault in self._planned if fault.hits(method, path)), None)
            if found is not None:
                found.times -= 1
                if found.times <= 0:
                    self._planned.remove(found)
            return found
