"""From the exact cube to the protected one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from reports.disclosure import gates
from reports.disclosure.candidate import Candidate, candidates, categories_of
from reports.disclosure.checks import CHECKS
from reports.disclosure.checks.differences import Outside, is_small_beside
from reports.disclosure.crossing import cross
from reports.disclosure.former import Former, formers_of
from reports.disclosure.group_moments import group_moments
from reports.disclosure.implied import Shown, tells_of_few
from reports.disclosure.model import ProtectedCube, ProtectedTable
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import outside, rounded
from reports.disclosure.scales import scales
from reports.disclosure.told import asking_tells
from reports.disclosure.work import Work
from reports.plan import Plan, TableSpec
from reports.tabulate import Cube
from survey.instrument.codebook import Codebook


def protect(cube: Cube, plan: Plan, codebook: Codebook, earlier: Sequence[ProtectedCube] = ()) -> ProtectedCube:
    """Protect the counts of a plan's tables. `earlier`: what was released before and shares waves with this cube.

    With too few responses the result is a refused cube: it names the reason and holds no number at all.
    """
    refusal = gates.refusal(cube, plan, earlier)
    if refusal:
        return ProtectedCube(plan.digest, codebook.instrument, codebook.version, cube.waves, None, None, (), refusal)
    work = Work(cube, plan, codebook, earlier, gates.tier(cube.n))
    alone = one_way(work)
    crossed, audit = cross(work, alone)
    tables = tuple(_table(spec, alone, crossed, codebook) for spec in plan.tables)
    scored = scales(work, tables)
    protected = ProtectedCube(
        plan=plan.digest,
        instrument=codebook.instrument,
        version=codebook.version,
        waves=cube.waves,
        n=rounded(cube.n),
        tier=work.tier,
        tables=tables,
        audit=audit.as_document(),
        scales=scored,
        moments=group_moments(work, tables, scored),
    )
    return (
        replace(protected, n=None, tier=None, tables=(), scales=(), moments=(), refusal=Reason.AUDIT_FAILED)
        if audit.failed
        else protected
    )


def one_way(work: Work) -> dict[str, ProtectedTable]:
    """The tables of single variables, by variable. Where two of them say too much together, the one that more headline
    crosstabs, and then more of all, need stays as fine as it can be."""
    crossed = Counter((name, spec.headline) for spec in work.plan.tables if spec.crossed for name in spec.variables)
    alone = [spec for spec in work.plan.tables if not spec.crossed]
    found: dict[str, ProtectedTable] = {}
    for spec in sorted(alone, key=lambda spec: (-crossed[spec.variables[0], True], -crossed[spec.variables[0], False])):
        found[spec.variables[0]] = _finest(
            spec, work, [*work.shown, *(Shown.of(table) for table in found.values() if table.visible)]
        )
    return found


def _table(
    spec: TableSpec,
    alone: Mapping[str, ProtectedTable],
    crossed: Mapping[str, ProtectedTable | Reason],
    codebook: Codebook,
) -> ProtectedTable:
    table = crossed[spec.id] if spec.crossed else alone[spec.variables[0]]
    return _withheld(spec, codebook, (table,)) if isinstance(table, Reason) else table


def _finest(spec: TableSpec, work: Work, shown: Sequence[Shown]) -> ProtectedTable:
    """The finest level in which no check finds anything; else the table is withheld for the reasons of the coarsest."""
    (name,) = spec.variables
    never = work.plan.structural_zeros.get(name, frozenset())
    formers = list(formers_of(spec.variables, work.earlier))
    found: dict[int, tuple[Reason, ...]] = {}
    for candidate in candidates(spec, work.cube, work.codebook[name], never):
        reasons = [reason for check in CHECKS if (reason := check(candidate, formers))]
        beside = (candidate.shown, shown)
        if tells_of_few(*beside, work.codebook.links) or asking_tells(*beside, rounded(work.cube.n), work.codebook):
            reasons.append(Reason.AUDIT_FAILED)
        found[candidate.level] = tuple(reasons)
        if not found[candidate.level]:
            return _shown(candidate, formers)
    return _withheld(spec, work.codebook, found[work.codebook[name].coarsest])


def _shown(candidate: Candidate, formers: Sequence[Former]) -> ProtectedTable:
    return ProtectedTable(
        id=candidate.spec.id,
        variables=candidate.spec.variables,
        levels=(candidate.level,),
        categories=(candidate.categories,),
        counts=tuple(map(rounded, candidate.counts)),
        no_answer=_outside(candidate, "no_answer", formers),
        not_asked=_outside(candidate, "not_asked", formers),
    )


def _outside(candidate: Candidate, name: Outside, formers: Sequence[Former]) -> int | None:
    """A count outside the table, unless it is small, or what it adds to another release is."""
    shown = outside(getattr(candidate, name))
    return None if is_small_beside(shown, candidate.waves, name, formers) else shown


def _withheld(spec: TableSpec, codebook: Codebook, reasons: tuple[Reason, ...]) -> ProtectedTable:
    variables = [codebook[name] for name in spec.variables]
    categories = tuple(categories_of(variable, variable.levels[variable.coarsest]) for variable in variables)
    return ProtectedTable(
        id=spec.id,
        variables=spec.variables,
        levels=tuple(variable.coarsest for variable in variables),
        categories=categories,
        counts=(None,) * prod(map(len, categories)),
        reasons=reasons,
    )
