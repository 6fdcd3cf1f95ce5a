"""What two reports that were made without knowing of each other say together."""

from collections.abc import Iterator, Sequence

from reports.disclosure.checks.differences import compare, is_small_beside
from reports.disclosure.former import Former, formers_of, reveals_hidden
from reports.disclosure.implied import Shown, tells_of_few
from reports.disclosure.model import ProtectedCube, ProtectedTable
from reports.disclosure.together import group_moments_conflict, means_conflict, moments_conflict
from reports.disclosure.told import asked_by, asking_tells, told_by
from survey.instrument.codebook import Codebook


def clashes(cube: ProtectedCube, published: Sequence[ProtectedCube], codebook: Codebook) -> list[str]:
    """Ids of what of `cube` must not appear beside what is published by now, though each cube is safe."""
    same = [one for release in _of_same_waves(cube, published) for one in told_by(release, codebook)]
    own = told_by(cube, codebook)

    def tells(*now: Shown) -> bool:
        return bool(same) and any(_tells(one, same, own, cube.n or 0, codebook) for one in now)

    tables = [
        table.id
        for table in cube.tables
        if table.visible and (_clashes(table, cube, published) or tells(Shown.of(table)))
    ]
    scales = [
        one.id
        for one in cube.scales
        if one.visible
        and (
            means_conflict(one, cube.waves, published)
            or moments_conflict(one, cube.waves, published)
            or tells(*asked_by([one], codebook))
        )
    ]
    groups = [one.id for one in cube.moments if one.visible and group_moments_conflict(one, cube.waves, published)]
    return tables + scales + groups


def _tells(now: Shown, same: Sequence[Shown], own: Sequence[Shown], n: int, codebook: Codebook) -> bool:
    """Whether it tells of few people beside releases of the same waves."""
    if tells_of_few(now, same, codebook.links):
        return True
    return len(now.variables) == 1 and asking_tells(now, [*same, *own], n, codebook)


def _of_same_waves(cube: ProtectedCube, published: Sequence[ProtectedCube]) -> Iterator[ProtectedCube]:
    return (release for release in published if set(release.waves) == set(cube.waves))


def _clashes(table: ProtectedTable, cube: ProtectedCube, published: Sequence[ProtectedCube]) -> bool:
    formers = list(formers_of(table.variables, published))
    now = Former(cube.waves, table)
    return (
        compare(now.published, [former.published for former in formers]) is not None
        or reveals_hidden(now.hides, cube.waves, formers)
        or is_small_beside(table.no_answer, cube.waves, "no_answer", formers)
        or is_small_beside(table.not_asked, cube.waves, "not_asked", formers)
    )
