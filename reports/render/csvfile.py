"""Tables as CSV."""

from survey.instrument.spreadsheet import Field, write

__all__ = ["HIDDEN", "Field", "write"]

HIDDEN = ":"
"""Stands for every number that is not shown; never blank, never zero."""
