"""What two reports that were made without knowing of each other say together."""

from collections.abc import Sequence

from reports.disclosure.checks.differences import compare, is_small_beside
from reports.disclosure.former import Former, formers_of, reveals_hidden
from reports.disclosure.model import ProtectedCube, ProtectedTable
from reports.disclosure.together import means_conflict, moments_conflict


def clashes(cube: ProtectedCube, published: Sequence[ProtectedCube]) -> list[str]:
    """Ids of what of `cube` must not appear beside what is published by now, though each cube is safe."""
    tables = [table.id for table in cube.tables if table.visible and _clashes(table, cube, published)]
    scales = [
        one.id
        for one in cube.scales
        if one.visible and (means_conflict(one, cube.waves, published) or moments_conflict(one, cube.waves, published))
    ]
    return tables + scales


def _clashes(table: ProtectedTable, cube: ProtectedCube, published: Sequence[ProtectedCube]) -> bool:
    formers = list(formers_of(table.variables, published))
    now = Former(cube.waves, table)
    return (
        compare(now.published, [former.published for former in formers]) is not None
        or reveals_hidden(now.hides, cube.waves, formers)
        or is_small_beside(table.no_answer, cube.waves, "no_answer", formers)
        or is_small_beside(table.not_asked, cube.waves, "not_asked", formers)
    )
