"""What two reports that were made without knowing of each other say together."""

from collections.abc import Iterator, Sequence

from reports.disclosure.checks.differences import compare, is_small_beside
from reports.disclosure.former import Former, formers_of, reveals_hidden
from reports.disclosure.implied import Shown, tells_of_few
from reports.disclosure.model import ProtectedCube, ProtectedTable
from reports.disclosure.together import group_moments_conflict, means_conflict, moments_conflict
from survey.instrument.links import Link


def clashes(cube: ProtectedCube, published: Sequence[ProtectedCube], links: Sequence[Link]) -> list[str]:
    """Ids of what of `cube` must not appear beside what is published by now, though each cube is safe.

    `links`: those of the codebook.
    """
    same = [Shown.of(table) for table in _of_same_waves(cube, published) if table.visible]
    tables = [
        table.id
        for table in cube.tables
        if table.visible and (_clashes(table, cube, published) or tells_of_few(Shown.of(table), same, links))
    ]
    scales = [
        one.id
        for one in cube.scales
        if one.visible and (means_conflict(one, cube.waves, published) or moments_conflict(one, cube.waves, published))
    ]
    groups = [one.id for one in cube.moments if one.visible and group_moments_conflict(one, cube.waves, published)]
    return tables + scales + groups


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
