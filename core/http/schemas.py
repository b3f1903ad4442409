"""The base of every body that a plugin's API takes."""

from __future__ import annotations

from marshmallow import RAISE, Schema


class Strict(Schema):
    """A body in which an unknown field is refused, never ignored."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE
