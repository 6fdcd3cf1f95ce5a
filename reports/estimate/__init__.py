"""Estimates from protected counts. Every function takes published numbers only, so nothing here can reveal more."""

from reports.estimate.proportions import Z95, percent, percent_interval, widened, wilson

__all__ = ["Z95", "percent", "percent_interval", "widened", "wilson"]
