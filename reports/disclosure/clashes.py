"""What two reports that were made without knowing of each other say together."""

from collections.abc import Sequence

from reports.disclosure.checks.differences import compare, is_small_beside
from reports.disclosure.former import Former, formers_of, reveals_hidden
from reports.disclosure.model import ProtectedCube, ProtectedTable


def clashes(cube: ProtectedCube, published: Sequence[ProtectedCube]) -> list[str]:
    """Ids of the tables of `cube` that must not appear beside what is published by now, though each cube is safe."""
    return [table.id for table in cube.tables if table.visible and _clashes(table, cube, published)]


def _clashes(table: ProtectedTable, cube: ProtectedCube, published: Sequence[ProtectedCube]) -> bool:
    formers = list(formers_of(table.variables, published))
    now = Former(cube.waves, table)
    return (
        compare(now.published, [former.published for former in formers]) is not None
        or reveals_hidden(now.hides, cube.waves, formers)
        or is_small_beside(table.no_answer, cube.waves, "no_answer", formers)
        or is_small_beside(table.not_asked, cube.waves, "not_asked", formers)
    )
