"""Statistics that are not counts, as data: everything is computed from what the protected cube publishes.

A table has columns (`key`, label, decimals; None: those of the row) and rows with a value by key. A value of None is
hidden; a key that a row lacks does not apply to it. Tests of one section are one family and corrected together.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from reports.disclosure import Mean, ProtectedCube, ProtectedScale, ProtectedTable
from reports.estimate import (
    Summary,
    alpha,
    difference,
    feldt,
    holm,
    item_rest,
    mean_interval,
    odds_ratio,
    percent,
    trend,
)
from reports.plan import MeasureSpec, Plan, ScaleSpec
from reports.render.labels import Localised, Texts, joined, localised, said
from reports.render.words import words
from survey.instrument.codebook import Codebook, Variable

type Document = dict[str, Any]
type Values = dict[str, float | None]

DECIMALS = {"n": 0, "missing": 0, "mean": None, "sd": None, "lower": None, "upper": None, "p": 3, "p_holm": 3}
"""By key; all others have two."""

SCALE = ("n", "mean", "sd", "lower", "upper", "missing", "alpha", "alpha_lower", "alpha_upper")
GROUP = ("n", "mean", "sd", "lower", "upper", "difference", "g", "g_lower", "g_upper", "p", "p_holm")
UNTESTED = GROUP[:9]
ITEM = ("mean", "sd", "item_rest")
TREND = ("n", "z", "p", "p_holm")
ODDS = ("n", "odds", "odds_lower", "odds_upper", "p", "p_holm")


def statistics(cube: ProtectedCube, plan: Plan, codebook: Codebook, texts: Texts) -> list[Document]:
    """The tables of all sections, in the order of the plan."""
    scales = {one.id: one for one in cube.scales}
    found: list[Document] = []
    for section in plan.sections:
        # A cube that was stored by an earlier version has no scales.
        specs = [spec for spec in plan.scales if spec.section == section.id and spec.id in scales]
        tables = [
            *_whole([(spec, scales[spec.id]) for spec in specs if not spec.by], codebook, texts),
            *(
                _by_group(spec, scales[spec.id], codebook, texts, UNTESTED if section.exploratory else GROUP)
                for spec in specs
                if spec.by and scales[spec.id].visible
            ),
            *_measures([spec for spec in plan.measures if spec.section == section.id], cube, codebook, texts),
        ]
        _correct(tables)
        found += tables
    return found


def scale_moments(cube: ProtectedCube, codebook: Codebook) -> list[Document]:
    """What a structural model needs of each scale: row names, means and covariances, as they are published."""
    return [
        {
            "scale": one.scale,
            "rows": [row for row, _ in codebook.scales[one.scale].rows],
            "turned": [row for row, turned in codebook.scales[one.scale].rows if turned],
            "n": one.moments.n,
            "means": list(one.moments.means),
            "covariances": [list(line) for line in one.moments.covariances],
        }
        for one in cube.scales
        if one.moments
    ]


def _whole(scales: Sequence[tuple[ScaleSpec, ProtectedScale]], codebook: Codebook, texts: Texts) -> Iterator[Document]:
    if not scales:
        return
    section = scales[0][0].section
    rows = [
        _row(localised(texts, codebook.scales[spec.scale].text), spec.scale, "", _scale_values(one), one.means)
        for spec, one in scales
    ]
    title = said(texts, "title_scales")
    yield _table(f"{section.lower()}_scales", section, title, None, SCALE, rows, [said(texts, "note_scales")], texts)
    for spec, one in scales:
        if one.moments:
            yield _items(spec, one, codebook, texts)


def _scale_values(one: ProtectedScale) -> Values:
    if not one.visible:
        return dict.fromkeys(SCALE)
    (mean,) = one.means
    values = {**_mean_values(mean), "missing": _missing(mean), **dict.fromkeys(SCALE[6:])}
    if one.moments:
        rows = len(one.moments.means)
        value = alpha(np.array(one.moments.covariances))
        if value is not None:
            values |= dict(zip(SCALE[6:], (value, *feldt(value, one.moments.n, rows)), strict=True))
    return _rounded(values, mean.decimals)


def _missing(mean: Mean) -> float | None:
    """Per cent of those asked who have no score; hidden where they are few."""
    if mean.no_answer is None or mean.n is None:
        return None
    return float(percent(mean.no_answer, mean.n + mean.no_answer))


def _mean_values(mean: Mean) -> Values:
    one = _summary(mean)
    if one is None:
        return dict.fromkeys(GROUP[:5])
    lower, upper = mean_interval(one)
    return {**one._asdict(), "lower": lower, "upper": upper}


def _summary(mean: Mean) -> Summary | None:
    """None where it is hidden."""
    if mean.n is None or mean.mean is None or mean.sd is None:
        return None
    return Summary(mean.n, mean.mean, mean.sd)


def _items(spec: ScaleSpec, one: ProtectedScale, codebook: Codebook, texts: Texts) -> Document:
    assert one.moments
    covariances = np.array(one.moments.covariances)
    rests = item_rest(covariances)
    scale = codebook.scales[spec.scale]
    rows = []
    for at, (name, _) in enumerate(scale.rows):
        variance = max(float(covariances[at, at]), 0.0)
        values: Values = {"mean": one.moments.means[at], "sd": variance**0.5, "item_rest": rests[at]}
        decimals = one.moments.decimals
        row = _row(localised(texts, codebook[name].text), name, "", _rounded(values, decimals), ())
        rows.append({**row, "decimals": decimals})
    note = {language: words(language)["note_items"].format(n=one.moments.n) for language in texts}
    title = localised(texts, scale.text)
    notes = [note, dict.fromkeys(texts, _lavaan(spec.scale, [name for name, _ in scale.rows], one.moments.n))]
    return _table(f"{spec.id}_items", spec.section, title, said(texts, "title_items"), ITEM, rows, notes, texts)


def _lavaan(scale: str, rows: Sequence[str], n: int) -> str:
    """A line of R that fits one factor to the published covariances. Isolated: it runs from left to right."""
    covariances = f'as.matrix(read.csv("scales/{scale}.csv", row.names = 1, fileEncoding = "UTF-8-BOM")[, -1])'
    model = f'"{scale} =~ {" + ".join(rows)}"'
    return f"\u2066R: lavaan::cfa({model}, sample.cov = {covariances}, sample.nobs = {n})\u2069"


def _by_group(
    spec: ScaleSpec, one: ProtectedScale, codebook: Codebook, texts: Texts, columns: Sequence[str]
) -> Document:
    assert spec.by
    variable = codebook[spec.by]
    labels = [_label(variable, codes, texts) for codes in one.categories]
    shown = [mean.n for mean in one.means if mean.n is not None]
    at_reference = next(at for at, mean in enumerate(one.means) if mean.n == max(shown))
    reference = one.means[at_reference]
    rows = []
    for codes, label, mean in zip(one.categories, labels, one.means, strict=True):
        values = _mean_values(mean)
        if mean is not reference:
            values |= {key: value for key, value in _compared(mean, reference).items() if key in columns}
        rows.append(_row(label, spec.scale, " ".join(map(str, codes)), _rounded(values, mean.decimals), (mean,)))
    about = "note_groups" if "p" in columns else "note_untested"
    note = {language: words(language)[about].format(group=labels[at_reference][language]) for language in texts}
    # A crosstab of the scale's bands by the same groups would else have the same name.
    named = localised(texts, codebook.scales[spec.scale].text)
    title = {language: f"{name} · {words(language)['stat_mean']}" for language, name in named.items()}
    by = localised(texts, variable.text)
    table = _table(spec.id, spec.section, title, by, columns, rows, [note], texts)
    return {**table, "by": spec.by}


def _compared(mean: Mean, reference: Mean) -> Values:
    own, other = _summary(mean), _summary(reference)
    found = difference(own, other) if own and other else None
    if found is None:
        return dict.fromkeys(GROUP[5:])
    return {
        **{"difference": found.difference, "g": found.g, "g_lower": found.g_lower, "g_upper": found.g_upper},
        **{"p": found.p, "p_holm": None},
    }


def _label(variable: Variable, codes: Sequence[object], texts: Texts) -> Localised:
    """The name of a category, as in the table of the variable."""
    for grid in variable.levels:
        for category in grid.categories:
            if {variable.codes[index] for index in category.indexes} == set(codes):
                return joined(texts, category.labels)
    raise LookupError(f"{variable.name} has no category {codes}")


def _measures(
    specs: Sequence[MeasureSpec], cube: ProtectedCube, codebook: Codebook, texts: Texts
) -> Iterator[Document]:
    tables = {table.variables: table for table in cube.tables}
    for spec in specs:
        crossed = [tables[(row, spec.over)] for row in spec.rows]
        rows = [
            _row(localised(texts, codebook[table.variables[0]].text), table.variables[0], "", values, ())
            for table in crossed
            if (values := _measured(spec, table)) is not None
        ]
        if any(row["values"]["n"] is not None for row in rows):
            columns = TREND if spec.measure == "trend" else ODDS
            over = localised(texts, codebook[spec.over].text)
            note = said(texts, f"note_{spec.measure}")
            title = said(texts, f"title_{spec.measure}")
            table = _table(spec.id, spec.section, title, over, columns, rows, [note], texts)
            yield {**table, "by": spec.over}


def _measured(spec: MeasureSpec, table: ProtectedTable) -> Values | None:
    """Hidden where a cell behind it is; None where the answer has more than two categories."""
    keys = TREND if spec.measure == "trend" else ODDS
    if not table.visible or table.hidden or len(table.categories[1]) < 2:
        return dict.fromkeys(keys)
    if len(table.categories[0]) != 2:
        return None
    counts = np.array(table.counts, np.int64).reshape(2, -1)
    yes = 0 if table.categories[0][0] == (1,) else 1
    events, totals = counts[yes].tolist(), counts.sum(axis=0).tolist()
    if spec.measure == "trend":
        found = trend(events, totals)
        values: Values = {"z": found.z, "p": found.p} if found else {"z": None, "p": None}
    else:
        odds = odds_ratio(events[-1], totals[-1] - events[-1], events[0], totals[0] - events[0])
        values = dict(zip(ODDS[1:5], odds or (None,) * 4, strict=True))
    return _rounded({"n": sum(totals), **values, "p_holm": None}, 2)


def _correct(tables: Sequence[Document]) -> None:
    rows = [row["values"] for table in tables for row in table["rows"] if row["values"].get("p") is not None]
    for values, corrected in zip(rows, holm([values["p"] for values in rows]), strict=True):
        values["p_holm"] = float(f"{corrected:.3g}")


def _rounded(values: Mapping[str, float | None], decimals: int) -> Values:
    """To the decimals that are printed; of p three digits, however small it is."""
    kept: Values = {}
    for key, value in values.items():
        places = DECIMALS.get(key, 2)
        places = decimals if places is None else places
        if value is not None:
            # A zero is added, so that -0.004 does not become -0.0.
            value = float(f"{value:.3g}") if key == "p" else round(value, places) + 0.0 if places else round(value)
        kept[key] = value
    return kept


def _row(label: Localised, name: str, codes: str, values: Values, means: Sequence[Mean]) -> Document:
    decimals = max((mean.decimals for mean in means), default=2)
    return {"label": label, "name": name, "codes": codes, "decimals": decimals or 2, "values": values}


def _table(
    table_id: str,
    section: str,
    title: Localised,
    question: Localised | None,
    keys: Sequence[str],
    rows: list[Document],
    notes: list[Localised],
    texts: Texts,
) -> Document:
    columns = [{"key": key, "label": said(texts, f"stat_{key}"), "decimals": DECIMALS.get(key, 2)} for key in keys]
    return {
        "id": table_id,
        "section": section,
        "title": title,
        "question": question,
        "by": None,
        "columns": columns,
        "rows": rows,
        "notes": notes,
    }
