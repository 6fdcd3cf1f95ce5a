"""The numbers of disclosure control. They are printed in every report: nothing depends on hiding them."""

SMALL = 10
"""A cell of fewer people, zero included, is small."""

NARROWEST = 5
"""An interval within which the count of a hidden cell can be told must be at least this wide."""

FEWEST_IN_GROUP = 30
"""A column of a two-way table with fewer people is joined with others."""

MOST_HIDDEN = 0.25
"""Share of a two-way table's cells that may be hidden; beyond it, joining categories reads better."""

ROUNDING = 5
"""Published counts are multiples of this."""

FEWEST_RESPONSES = 50
"""Below, nothing at all is reported; the same number must lie between two releases that share a wave."""

FEWEST_RESPONSES_OPEN_LINK = 100
"""Anyone can send fakes through an open link and subtract them."""

HEADLINE_CROSSTABS_FROM, ALL_CROSSTABS_FROM = 150, 300

PERCENT_FROM, FIRM_PERCENT_FROM = 30, 100
"""Smallest bases for a percentage, and for one that is not printed as "about"."""

FEWEST_FOR_MEAN, FINE_MEANS_FROM = 50, 200
"""People for a mean and a standard deviation, with one decimal and with two."""

FEWEST_FOR_RELIABILITY = 200
"""People for reliability, item means and covariances."""

FEWEST_EVENTS, FINE_COEFFICIENTS_FROM = 10, 500
"""Events, and others, for each coefficient of a regression; people for its second decimal."""

PARAMETERS = {
    "small_cell_below": SMALL,
    "narrowest_interval": NARROWEST,
    "fewest_in_group": FEWEST_IN_GROUP,
    "rounding_base": ROUNDING,
    "fewest_responses": FEWEST_RESPONSES,
    "fewest_responses_open_link": FEWEST_RESPONSES_OPEN_LINK,
    "headline_crosstabs_from": HEADLINE_CROSSTABS_FROM,
    "all_crosstabs_from": ALL_CROSSTABS_FROM,
    "percentages_from_base": PERCENT_FROM,
    "firm_percentages_from_base": FIRM_PERCENT_FROM,
    "fewest_for_mean": FEWEST_FOR_MEAN,
    "fewest_for_reliability": FEWEST_FOR_RELIABILITY,
    "fewest_events": FEWEST_EVENTS,
}


def rounded(count: int) -> int:
    """The nearest multiple of 5 (never a tie: remainders are 1 and 2 down, 3 and 4 up)."""
    return (count + ROUNDING // 2) // ROUNDING * ROUNDING


def outside(count: int) -> int | None:
    """A count that stands outside a table, rounded; None when it is small."""
    return rounded(count) if count >= SMALL else None
