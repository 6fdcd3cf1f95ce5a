"""Statistical disclosure control: the one way from exact counts to anything that is stored, shown or published.

`protect` tries each table from the finest to the coarsest level of its ladder and takes the first one in which no
check of CHECKS finds anything; a table that fails at its coarsest level is withheld, with the reasons. What people
did not answer stands outside every table. Only then are counts rounded. Nothing here is random: the same counts
give the same cube.

What rounding has to hold. Tables share people, so sums and differences of published numbers are estimates of
numbers that are not published: a question's not-asked count tells how many took another branch, `flagged` less
`unproven` how many were flagged for something else. Every published count stands for five possible ones, so a
difference of two stands for nine; a count outside the tables below 10 is not given at all, because alone it could
repeat a hidden cell (nobody is asked the sensitive part who said no to it).
"""

from reports.disclosure.checks import CHECKS
from reports.disclosure.clashes import clashes
from reports.disclosure.model import Mean, Moments, ProtectedCube, ProtectedMoments, ProtectedScale, ProtectedTable
from reports.disclosure.protect import protect
from reports.disclosure.reasons import Reason, Tier
from reports.disclosure.rules import FIRM_PERCENT_FROM, PARAMETERS, PERCENT_FROM
from reports.disclosure.statistics import coefficient_decimals, unfit_for_regression

__all__ = [
    "CHECKS",
    "FIRM_PERCENT_FROM",
    "PARAMETERS",
    "PERCENT_FROM",
    "Mean",
    "Moments",
    "ProtectedCube",
    "ProtectedMoments",
    "ProtectedScale",
    "ProtectedTable",
    "Reason",
    "Tier",
    "clashes",
    "coefficient_decimals",
    "protect",
    "unfit_for_regression",
]
