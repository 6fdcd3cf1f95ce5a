"""Differential item functioning between groups, from the moments that are published of each."""

from collections.abc import Iterator, Sequence

import numpy as np

from reports.disclosure import Moments, ProtectedMoments
from reports.estimate import Rows
from reports.estimate import functioning as compared
from reports.plan import ScaleSpec
from reports.render.labels import Localised, Texts, localised, said
from reports.render.statistics.table import Document, Values, category_label, make_row, make_table, rounded, spaced
from reports.render.words import words
from survey.instrument.codebook import Codebook

FUNCTIONING = ("n", "shift", "shift_lower", "shift_upper", "slope", "slope_lower", "slope_upper")

FEWEST_GROUPS = 2


def functioning(
    planned: Sequence[tuple[ScaleSpec, ProtectedMoments]], codebook: Codebook, texts: Texts
) -> Iterator[Document]:
    """A table of each scale that has moments of two groups; then one line for all others."""
    able = [pair for pair in planned if len(pair[1].moments) >= FEWEST_GROUPS]
    yield from (_of_scale(*pair, codebook, texts) for pair in able)
    others = [pair for pair in planned if pair not in able]
    for by in dict.fromkeys(one.by for _, one in others):
        yield _not_compared([spec for spec, one in others if one.by == by], by, codebook, texts)


def _of_scale(spec: ScaleSpec, one: ProtectedMoments, codebook: Codebook, texts: Texts) -> Document:
    variable, scale = codebook[one.by], codebook.scales[one.scale]
    labels = [category_label(variable, codes, texts) for codes in one.categories]
    reference = max(range(len(labels)), key=lambda at: one.moments[at].n)
    rows = [
        make_row(_beside(localised(texts, codebook[name].text), labels[group]), name, spaced(codes), values)
        for group, codes in enumerate(one.categories)
        if group != reference
        for at, (name, _) in enumerate(scale.rows)
        for values in [_values(one.moments[reference], one.moments[group], at)]
    ]
    note = {
        language: words(language)["note_functioning"].format(group=labels[reference][language]) for language in texts
    }
    title = _beside(localised(texts, scale.text), said(texts, "title_functioning"))
    question = localised(texts, variable.text)
    table = make_table(spec.id, spec.section, title, question, FUNCTIONING, rows, [note], texts)
    return {**table, "by": one.by}


def _values(reference: Moments, group: Moments, at: int) -> Values:
    found = compared(_rows(reference), _rows(group), at)
    values = found._asdict() if found else dict.fromkeys(FUNCTIONING[1:])
    return rounded({"n": group.n, **values}, 2)


def _rows(moments: Moments) -> Rows:
    return Rows(moments.n, np.array(moments.means), np.array(moments.covariances), moments.decimals)


def _not_compared(specs: Sequence[ScaleSpec], by: str, codebook: Codebook, texts: Texts) -> Document:
    rows = [
        make_row(localised(texts, codebook.scales[spec.scale].text), spec.scale, "", dict.fromkeys(FUNCTIONING))
        for spec in specs
    ]
    section, title = specs[0].section, said(texts, "title_functioning")
    table_id, notes = f"{section.lower()}_functioning_by_{by}", [said(texts, "no_functioning")]
    table = make_table(table_id, section, title, localised(texts, codebook[by].text), FUNCTIONING, rows, notes, texts)
    return {**table, "by": by}


def _beside(first: Localised, second: Localised) -> Localised:
    return {language: f"{text} · {second[language]}" for language, text in first.items()}
