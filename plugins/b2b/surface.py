"""The blueprints of companies' pages."""

from __future__ import annotations

from flask import Blueprint

store = Blueprint("b2b_store", __name__, template_folder="templates")
operator = Blueprint("b2b_operator", __name__, template_folder="templates")
merchant = Blueprint("b2b_merchant", __name__, template_folder="templates")
