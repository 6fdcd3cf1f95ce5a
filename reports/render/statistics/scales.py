"""Scales: means, deviations and reliability of everybody and by group, and the single rows of each."""

from collections.abc import Iterator, Sequence

import numpy as np

from reports.disclosure import Mean, Moments, ProtectedCube, ProtectedMoments, ProtectedScale
from reports.estimate import Summary, alpha, difference, feldt, item_rest, mean_interval, percent
from reports.plan import ScaleSpec
from reports.render.labels import Texts, localised, said
from reports.render.statistics.table import Document, Values, category_label, make_row, make_table, rounded, spaced
from reports.render.words import words
from survey.instrument.codebook import Codebook

SCALE = ("n", "mean", "sd", "lower", "upper", "missing", "alpha", "alpha_lower", "alpha_upper")
GROUP = ("n", "mean", "sd", "lower", "upper", "difference", "g", "g_lower", "g_upper", "p", "p_holm")
UNTESTED = GROUP[:9]
ITEM = ("mean", "sd", "item_rest")
ALPHA = ("n", *SCALE[6:])


def scale_moments(cube: ProtectedCube, codebook: Codebook) -> list[Document]:
    """What a structural model needs of each scale: row names, means and covariances, as they are published."""
    return [{"scale": one.scale, **_moments(one.scale, one.moments, codebook)} for one in cube.scales if one.moments]


def moments_by_group(cube: ProtectedCube, codebook: Codebook, texts: Texts) -> list[Document]:
    """The same of each group, with the name of its file."""
    return [
        {
            "file": moments_file(one.scale, one.by, codes),
            "scale": one.scale,
            "by": one.by,
            "codes": list(codes),
            "label": category_label(codebook[one.by], codes, texts),
            **_moments(one.scale, moments, codebook),
        }
        for one in cube.moments
        for codes, moments in zip(one.categories, one.moments, strict=True)
    ]


def moments_file(scale: str, by: str, codes: Sequence[object]) -> str:
    return "_".join([scale, by, *map(str, codes)])


def _moments(scale: str, moments: Moments, codebook: Codebook) -> Document:
    rows = codebook.scales[scale].rows
    return {
        "rows": [row for row, _ in rows],
        "turned": [row for row, turned in rows if turned],
        "n": moments.n,
        "means": list(moments.means),
        "covariances": [list(line) for line in moments.covariances],
    }


def whole(
    scales: Sequence[tuple[ScaleSpec, ProtectedScale]],
    grouped: Sequence[ProtectedMoments],
    codebook: Codebook,
    texts: Texts,
) -> Iterator[Document]:
    """`grouped`: moments by group, wherever in the plan they stand."""
    if not scales:
        return
    section = scales[0][0].section
    rows = [
        make_row(
            localised(texts, codebook.scales[spec.scale].text), spec.scale, "", _scale_values(one), _decimals(one.means)
        )
        for spec, one in scales
    ]
    title = said(texts, "title_scales")
    yield make_table(
        f"{section.lower()}_scales", section, title, None, SCALE, rows, [said(texts, "note_scales")], texts
    )
    for spec, one in scales:
        if one.moments:
            own = [moments for moments in grouped if moments.scale == spec.scale and moments.visible]
            yield _items(spec, one, own, codebook, texts)


def alpha_by_group(
    section: str, grouped: Sequence[ProtectedMoments], codebook: Codebook, texts: Texts
) -> Iterator[Document]:
    """One table for each grouping variable: reliability of every scale in each group that is shown."""
    for by in dict.fromkeys(one.by for one in grouped if one.visible):
        rows = [row for one in grouped if one.by == by for row in _alphas(one, codebook, texts)]
        variable, title, notes = codebook[by], said(texts, "title_alpha"), [said(texts, "note_alpha")]
        question = localised(texts, variable.text)
        made = make_table(f"{section.lower()}_alpha_by_{by}", section, title, question, ALPHA, rows, notes, texts)
        yield {**made, "by": by}


def _alphas(one: ProtectedMoments, codebook: Codebook, texts: Texts) -> Iterator[Document]:
    scale = localised(texts, codebook.scales[one.scale].text)
    for codes, moments in zip(one.categories, one.moments, strict=True):
        group = category_label(codebook[one.by], codes, texts)
        label = {language: f"{scale[language]} · {group[language]}" for language in texts}
        values = rounded({"n": moments.n, **_alpha(moments)}, moments.decimals)
        yield make_row(label, one.scale, spaced(codes), values)


def _alpha(moments: Moments) -> Values:
    value = alpha(np.array(moments.covariances))
    if value is None:
        return dict.fromkeys(ALPHA[1:])
    return dict(zip(ALPHA[1:], (value, *feldt(value, moments.n, len(moments.means))), strict=True))


def _scale_values(one: ProtectedScale) -> Values:
    if not one.visible:
        return dict.fromkeys(SCALE)
    (mean,) = one.means
    values = {**_mean_values(mean), "missing": _missing(mean), **dict.fromkeys(SCALE[6:])}
    if one.moments:
        values |= _alpha(one.moments)
    return rounded(values, mean.decimals)


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


def _decimals(means: Sequence[Mean]) -> int:
    """Of a row; where nothing of it is shown, two."""
    return max((mean.decimals for mean in means), default=0) or 2


def _items(
    spec: ScaleSpec, one: ProtectedScale, grouped: Sequence[ProtectedMoments], codebook: Codebook, texts: Texts
) -> Document:
    assert one.moments
    covariances = np.array(one.moments.covariances)
    rests = item_rest(covariances)
    scale = codebook.scales[spec.scale]
    rows = []
    for at, (name, _) in enumerate(scale.rows):
        variance = max(float(covariances[at, at]), 0.0)
        values: Values = {"mean": one.moments.means[at], "sd": variance**0.5, "item_rest": rests[at]}
        decimals = one.moments.decimals
        rows.append(make_row(localised(texts, codebook[name].text), name, "", rounded(values, decimals), decimals))
    note = {language: words(language)["note_items"].format(n=one.moments.n) for language in texts}
    title = localised(texts, scale.text)
    names = [name for name, _ in scale.rows]
    lines = [_lavaan(spec.scale, names, one.moments.n), *(_lavaan_by_group(group, names) for group in grouped)]
    notes = [note, *(dict.fromkeys(texts, line) for line in lines)]
    return make_table(f"{spec.id}_items", spec.section, title, said(texts, "title_items"), ITEM, rows, notes, texts)


def _lavaan(scale: str, rows: Sequence[str], n: int) -> str:
    """A line of R that fits one factor to the published covariances. Isolated: it runs from left to right."""
    covariances = f'as.matrix(read.csv("scales/{scale}.csv", row.names = 1, fileEncoding = "UTF-8-BOM")[, -1])'
    return f"\u2066R: lavaan::cfa({_factor(scale, rows)}, sample.cov = {covariances}, sample.nobs = {n})\u2069"


def _lavaan_by_group(one: ProtectedMoments, rows: Sequence[str]) -> str:
    """The same factor in every group, from which invariance can be tested: lists of covariances, means and people."""
    files = ", ".join(f'"{moments_file(one.scale, one.by, codes)}"' for codes in one.categories)
    people = ", ".join(str(moments.n) for moments in one.moments)
    read = 'read.csv(paste0("scales/", f, ".csv"), row.names = 1, fileEncoding = "UTF-8-BOM")'
    lists = (
        "sample.cov = lapply(d, function(x) as.matrix(x[, -1])), "
        "sample.mean = lapply(d, function(x) setNames(x$mean, rownames(x)))"
    )
    return (
        f"\u2066R: d <- sapply(c({files}), function(f) {read}, simplify = FALSE); "
        f"lavaan::cfa({_factor(one.scale, rows)}, {lists}, sample.nobs = list({people}), meanstructure = TRUE)\u2069"
    )


def _factor(scale: str, rows: Sequence[str]) -> str:
    return f'"{scale} =~ {" + ".join(rows)}"'


def by_group(
    spec: ScaleSpec, one: ProtectedScale, codebook: Codebook, texts: Texts, columns: Sequence[str]
) -> Document:
    assert spec.by
    variable = codebook[spec.by]
    labels = [category_label(variable, codes, texts) for codes in one.categories]
    shown = [mean.n for mean in one.means if mean.n is not None]
    at_reference = next(at for at, mean in enumerate(one.means) if mean.n == max(shown))
    reference = one.means[at_reference]
    rows = []
    for codes, label, mean in zip(one.categories, labels, one.means, strict=True):
        values = _mean_values(mean)
        if mean is not reference:
            values |= {key: value for key, value in _compared(mean, reference).items() if key in columns}
        rows.append(make_row(label, spec.scale, spaced(codes), rounded(values, mean.decimals), _decimals([mean])))
    about = "note_groups" if "p" in columns else "note_untested"
    note = {language: words(language)[about].format(group=labels[at_reference][language]) for language in texts}
    # A crosstab of the scale's bands by the same groups would else have the same name.
    named = localised(texts, codebook.scales[spec.scale].text)
    title = {language: f"{name} · {words(language)['stat_mean']}" for language, name in named.items()}
    by = localised(texts, variable.text)
    table = make_table(spec.id, spec.section, title, by, columns, rows, [note], texts)
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
