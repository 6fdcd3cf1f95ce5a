"""Statistics that are not counts, as data: everything is computed from what the protected cube publishes.

A table has columns (`key`, label, decimals; None: those of the row) and rows with a value by key. A value of None is
hidden; a key that a row lacks does not apply to it. Tests of one section are one family and corrected together.
"""

from collections.abc import Sequence

from reports.disclosure import ProtectedCube, ProtectedMoments
from reports.estimate import holm
from reports.plan import Plan, ScaleSpec, Section
from reports.render.labels import Texts
from reports.render.statistics.adjusted import adjusted
from reports.render.statistics.functioning import functioning
from reports.render.statistics.measures import measures
from reports.render.statistics.scales import (
    GROUP,
    UNTESTED,
    alpha_by_group,
    by_group,
    moments_by_group,
    scale_moments,
    whole,
)
from reports.render.statistics.table import Document
from survey.instrument.codebook import Codebook


def statistics(cube: ProtectedCube, plan: Plan, codebook: Codebook, texts: Texts) -> list[Document]:
    """The tables of all sections, in the order of the plan."""
    scales = {one.id: one for one in cube.scales}
    found: list[Document] = []
    for section in plan.sections:
        # A cube that was stored by an earlier version has no scales.
        specs = [spec for spec in plan.scales if spec.section == section.id and spec.id in scales]
        tables = [
            *whole([(spec, scales[spec.id]) for spec in specs if not spec.by], cube.moments, codebook, texts),
            *alpha_by_group(section.id, [one for _, one in _planned(plan.moments, section, cube)], codebook, texts),
            *(
                by_group(spec, scales[spec.id], codebook, texts, UNTESTED if section.exploratory else GROUP)
                for spec in specs
                if spec.by and scales[spec.id].visible
            ),
            *measures([spec for spec in plan.measures if spec.section == section.id], cube, codebook, texts),
            *functioning(_planned(plan.functioning, section, cube), codebook, texts),
            *(adjusted(spec, cube, codebook, texts) for spec in plan.regressions if spec.section == section.id),
        ]
        _correct(tables)
        found += tables
    return found


def _planned(
    specs: Sequence[ScaleSpec], section: Section, cube: ProtectedCube
) -> list[tuple[ScaleSpec, ProtectedMoments]]:
    """What a section plans, and the moments by group that it is about; a cube of an earlier version has none."""
    own = [spec for spec in specs if spec.section == section.id]
    return [(spec, one) for spec in own for one in cube.moments if (one.scale, one.by) == (spec.scale, spec.by)]


def _correct(tables: Sequence[Document]) -> None:
    rows = [row["values"] for table in tables for row in table["rows"] if row["values"].get("p") is not None]
    for values, corrected in zip(rows, holm([values["p"] for values in rows]), strict=True):
        values["p_holm"] = float(f"{corrected:.3g}")


__all__ = ["moments_by_group", "scale_moments", "statistics"]
