"""When somebody must try a help line again: a number that nobody answers hurts more than none."""

from collections.abc import Iterable
from datetime import date, timedelta

from survey.instrument.load import HelpLine

GOOD_FOR = timedelta(days=180)


def overdue(lines: Iterable[HelpLine], today: date) -> tuple[HelpLine, ...]:
    """Those that nobody has tried yet, or not for GOOD_FOR."""
    return tuple(line for line in lines if line.checked_on is None or today - line.checked_on > GOOD_FOR)
