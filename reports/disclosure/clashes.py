"""What two reports that were made without knowing of each other say together."""

from collections.abc import Iterator, Sequence

from reports.disclosure.checks.differences import compare, is_small_beside
from reports.disclosure.former import Former, formers_of, reveals_hidden
from reports.disclosure.implied import Shown, tells_of_few
from reports.disclosure.model import ProtectedCube, ProtectedTable
from reports.disclosure.together import group_moments_conflict, means_conflict, moments_conflict
from reports.disclosure.told import asking_tells
from survey.instrument.codebook import Codebook


def clashes(cube: ProtectedCube, published: Sequence[ProtectedCube], codebook: Codebook) -> list[str]:
    """Ids of what of `cube` must not appear beside what is published by now, though each cube is safe."""
    same = [Shown.of(table) for table in _of_same_waves(cube, published) if table.visible]
    tables = [
        table.id
        for table in cube.tables
        if table.visible and (_clashes(table, cube, published) or _tells(table, cube, same, codebook))
    ]
    scales = [
        one.id
        for one in cube.scales
        if one.visible and (means_conflict(one, cube.waves, published) or moments_conflict(one, cube.waves, published))
    ]
    groups = [one.id for one in cube.moments if one.visible and group_moments_conflict(one, cube.waves, published)]
    return tables + scales + groups


def _tells(table: ProtectedTable, cube: ProtectedCube, same: Sequence[Shown], codebook: Codebook) -> bool:
    """Whether it tells of few people beside releases of the same waves."""
    now = Shown.of(table)
    if tells_of_few(now, same, codebook.links):
        return True
    beside = [*same, *(Shown.of(one) for one in cube.tables if one.visible)]
    return bool(same) and len(table.variables) == 1 and asking_tells(now, beside, cube.n or 0, codebook)


def _of_same_waves(cube: ProtectedCube, published: Sequence[ProtectedCube]) -> Iterator[ProtectedTable]:
    for release in published:
        if set(release.waves) == set(cube.waves):
            yield from release.tables


def _clashes(table: ProtectedTable, cube: ProtectedCube, published: Sequence[ProtectedCube]) -> bool:
    formers = list(formers_of(table.variables, published))
    now = Former(cube.waves, table)
    return (
        compare(now.published, [former.published for former in formers]) is not None
        or reveals_hidden(now.hides, cube.waves, formers)
        or is_small_beside(table.no_answer, cube.waves, "no_answer", formers)
        or is_small_beside(table.not_asked, cube.waves, "not_asked", formers)
    )
