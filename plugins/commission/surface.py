"""The blueprints of commission's pages."""

from __future__ import annotations

from flask import Blueprint

operator = Blueprint("commission_operator", __name__, template_folder="templates", cli_group="commission")
merchant = Blueprint("commission_merchant", __name__, template_folder="templates")
