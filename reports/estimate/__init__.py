"""Estimates from protected numbers. Every function takes published numbers only, so nothing here can reveal more."""

from reports.estimate.counts import Odds, Trend, holm, odds_ratio, trend
from reports.estimate.functioning import Functioning, Rows, functioning
from reports.estimate.means import Difference, Summary, difference, hedges_g, mean_interval
from reports.estimate.proportions import Z95, percent, percent_interval, widened, wilson
from reports.estimate.regression import Joined, adjusted_odds
from reports.estimate.reliability import alpha, feldt, item_rest

__all__ = [
    "Z95",
    "Difference",
    "Functioning",
    "Joined",
    "Odds",
    "Rows",
    "Summary",
    "Trend",
    "adjusted_odds",
    "alpha",
    "difference",
    "feldt",
    "functioning",
    "hedges_g",
    "holm",
    "item_rest",
    "mean_interval",
    "odds_ratio",
    "percent",
    "percent_interval",
    "trend",
    "widened",
    "wilson",
]
