"""The blueprint of the operator's pages; the modules of pages add to it."""

from __future__ import annotations

from flask import Blueprint

operator = Blueprint("self_operated_operator", __name__, template_folder="templates")
