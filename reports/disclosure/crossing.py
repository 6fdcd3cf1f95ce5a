"""The two-way tables of a report: each the best that its own counts allow, then all of them audited together."""

from collections.abc import Mapping

from reports.disclosure import gates
from reports.disclosure.audit import audit
from reports.disclosure.checks.differences import Outside, compare, is_small_beside
from reports.disclosure.crosstab import Crosstab, at_levels, best, with_hidden
from reports.disclosure.former import Former, formers_of, reveals_hidden
from reports.disclosure.implied import Shown, tells_of_few
from reports.disclosure.model import Audit, ProtectedTable
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import outside
from reports.disclosure.suppress import hidden_like
from reports.disclosure.work import Work
from reports.plan import TableSpec

type Choice = Crosstab | Reason


def cross(work: Work, alone: Mapping[str, ProtectedTable]) -> tuple[dict[str, ProtectedTable | Reason], Audit]:
    """Every two-way table of the plan, or why it is withheld. `alone`: the one-way tables by variable.

    A table in which the audit can tell a hidden cell is chosen again without hidden cells, which leaves the audit
    less to find each time.
    """
    chosen = choose(work, alone)
    while (record := audit(tables_of(chosen), work)).failed:
        for table_id in record.failed:
            spec = next(spec for spec in work.plan.tables if spec.id == table_id)
            chosen[table_id] = _choose(spec, work, alone, _beside(spec, chosen, work), complete=True)
    return {table_id: _protected(choice, work) for table_id, choice in chosen.items()}, record


def choose(work: Work, alone: Mapping[str, ProtectedTable]) -> dict[str, Choice]:
    """Every two-way table, before the audit: headline tables first, the others beside them."""
    chosen: dict[str, Choice] = {}
    crossed = [spec for spec in work.plan.tables if spec.crossed]
    for spec in sorted(crossed, key=lambda spec: not spec.headline):
        chosen[spec.id] = _choose(spec, work, alone, _beside(spec, chosen, work))
    return chosen


def _beside(spec: TableSpec, chosen: Mapping[str, Choice], work: Work) -> list[Shown]:
    """What other two-way tables show."""
    return [*work.shown, *(table.as_shown for table in tables_of(chosen) if table.spec is not spec)]


def tables_of(chosen: Mapping[str, Choice]) -> list[Crosstab]:
    """Those that are shown."""
    return [choice for choice in chosen.values() if isinstance(choice, Crosstab)]


def _choose(
    spec: TableSpec, work: Work, alone: Mapping[str, ProtectedTable], beside: list[Shown], complete: bool = False
) -> Choice:
    barred = gates.barred(spec, work.tier)
    if barred:
        return barred
    sides = [alone[name] for name in spec.variables if name in alone]
    if not all(side.visible for side in sides):
        return Reason.QUESTION_WITHHELD
    formers = list(formers_of(spec.variables, work.earlier))
    former = next((one for one in formers if set(one.waves) == set(work.cube.waves)), None)
    if former:
        return Reason.DIFFERS_FROM_EARLIER if complete else _again(spec, former, formers, work)
    return best(
        spec,
        work.cube,
        work.codebook,
        finest=(_level(spec.variables[0], alone), _level(spec.variables[1], alone)),
        zeros=work.plan.structural_zeros,
        accept=lambda table: (
            (table.is_complete or not complete)
            and _fits(table, formers, work)
            and not tells_of_few(table.as_shown, beside, work.codebook.links)
        ),
    )


def _level(name: str, alone: Mapping[str, ProtectedTable]) -> int | None:
    return alone[name].levels[0] if name in alone else None


def _again(spec: TableSpec, former: Former, formers: list[Former], work: Work) -> Choice:
    """As it was released from the same waves, with the same cells hidden."""
    levels, hidden = former.table.levels, hidden_like(former.table.counts, former.table.categories)
    if former.table.variables != spec.variables:
        levels, hidden = levels[::-1], hidden.T
    first, second = levels
    plain = at_levels(spec, work.cube, work.codebook, (first, second), work.plan.structural_zeros)
    table = with_hidden(plain, hidden)
    return table if _fits(table, formers, work) else Reason.DIFFERS_FROM_EARLIER


def _fits(table: Crosstab, formers: list[Former], work: Work) -> bool:
    """Beside what earlier releases show of the same two questions."""
    waves = work.cube.waves
    differs = compare(table.published(waves), [former.published for former in formers])
    return differs is None and not reveals_hidden(not table.is_complete, waves, formers)


def _protected(choice: Choice, work: Work) -> ProtectedTable | Reason:
    if isinstance(choice, Reason):
        return choice
    formers = list(formers_of(choice.spec.variables, work.earlier))
    no_answer = _outside(choice.no_answer, "no_answer", formers, work)
    return choice.protected(no_answer, _outside(choice.not_asked, "not_asked", formers, work))


def _outside(count: int, name: Outside, formers: list[Former], work: Work) -> int | None:
    shown = outside(count)
    return None if is_small_beside(shown, work.cube.waves, name, formers) else shown
