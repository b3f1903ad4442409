"""The application for WSGI servers and `flask --app wsgi`."""

from __future__ import annotations

from web.app import create_app
from web.telemetry import configure_logs

configure_logs()
app = create_app()
