"""The application for WSGI servers and for `flask`, which finds it by the name of this file."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from core.kernel.config import Misconfigured, from_environment, with_local
from web.app import create_app
from web.telemetry import configure_logs

configure_logs()
try:
    app = create_app(from_environment(with_local(os.environ, Path(__file__).parent / ".local" / "environment")))
except Misconfigured as error:
    sys.exit(f"Galleria cannot start: {error}")
gc.freeze()  # what was loaded stays: nothing is won by looking through it for garbage again and again
