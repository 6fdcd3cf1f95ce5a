"""Gates: how many responses there must be for a report, and for each kind of table."""

from collections.abc import Sequence

from reports.disclosure.model import ProtectedCube
from reports.disclosure.reasons import Reason, Tier
from reports.disclosure.rules import (
    ALL_CROSSTABS_FROM,
    FEWEST_RESPONSES,
    FEWEST_RESPONSES_OPEN_LINK,
    HEADLINE_CROSSTABS_FROM,
    rounded,
)
from reports.plan import Plan, ScaleSpec, TableSpec
from reports.tabulate import Cube


def refusal(cube: Cube, plan: Plan, earlier: Sequence[ProtectedCube]) -> Reason | None:
    """Why there can be no report on these responses at all."""
    if cube.n < FEWEST_RESPONSES:
        return Reason.TOO_FEW_RESPONSES
    if plan.open_link and cube.n < FEWEST_RESPONSES_OPEN_LINK:
        return Reason.TOO_FEW_FOR_OPEN_LINK
    if any(_too_close(cube, former) for former in earlier):
        return Reason.TOO_FEW_ADDED
    return None


def _too_close(cube: Cube, former: ProtectedCube) -> bool:
    """A release that shares waves with a former one also publishes their difference: a report on the other waves."""
    shared = set(cube.waves) & set(former.waves)
    if former.n is None or not shared or set(cube.waves) == set(former.waves):
        return False
    return abs(rounded(cube.n) - former.n) < FEWEST_RESPONSES


def tier(n: int) -> Tier:
    if n < HEADLINE_CROSSTABS_FROM:
        return Tier.ONE_WAY
    return Tier.HEADLINE if n < ALL_CROSSTABS_FROM else Tier.WHOLE


def barred(spec: TableSpec | ScaleSpec, allowed: Tier) -> Reason | None:
    """Why this kind of table is not shown, whatever its counts."""
    if not spec.crossed:
        return None
    if allowed is Tier.ONE_WAY or (allowed is Tier.HEADLINE and not spec.headline):
        return Reason.BELOW_TIER
    return None
