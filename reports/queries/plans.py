"""Analysis plans: files, read once per process and checked against the codebook of the instrument."""

from functools import cache
from pathlib import Path

import yaml

from reports.errors import Invalid, NotFound
from reports.plan import Plan, PlanError, load_plan
from survey.queries import codebook

FOLDER = Path(__file__).resolve().parent.parent / "plans"


def plan_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def load_plan_for(name: str, instrument: str) -> Plan:
    """Raises NotFound, or Invalid where the plan asks for what the instrument does not have."""
    if name not in plan_names():
        raise NotFound(f"There is no plan {name!r}.")
    try:
        return load_plan(FOLDER / f"{name}.yaml", codebook(instrument))
    except PlanError as error:
        raise Invalid(str(error)) from error


@cache
def plan(name: str) -> Plan:
    """A plan by name alone; the file says for which instrument it is. Raises NotFound or Invalid."""
    if name not in plan_names():
        raise NotFound(f"There is no plan {name!r}.")
    written: dict[str, str] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return load_plan_for(name, written["instrument"])
