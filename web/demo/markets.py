"""The demo marketplaces."""

from web.demo.harbour.market import HARBOUR
from web.demo.shanhai.market import SHANHAI

MARKETPLACES = (HARBOUR, SHANHAI)
