"""The blueprints of points' pages."""

from __future__ import annotations

from flask import Blueprint

store = Blueprint("membership_store", __name__, template_folder="templates")
operator = Blueprint("membership_operator", __name__, template_folder="templates")
