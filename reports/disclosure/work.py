"""What protecting one report is about: its counts, its plan, and what is public already."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.disclosure.model import ProtectedCube
from reports.disclosure.reasons import Tier
from reports.plan import Plan
from reports.tabulate import Cube
from survey.instrument.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Work:
    cube: Cube
    plan: Plan
    codebook: Codebook
    earlier: Sequence[ProtectedCube]
    tier: Tier
