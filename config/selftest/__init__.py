"""Does a respondent's request leave a trace? Asked of the running stack, by being a respondent and then searching.

What is searched, and what is known to remain, stands in docs/operators.md.
"""

from config.selftest.findings import Report
from config.selftest.journey import Lost
from config.selftest.run import Busy, Places, SelfTest

__all__ = ["Busy", "Lost", "Places", "Report", "SelfTest"]
