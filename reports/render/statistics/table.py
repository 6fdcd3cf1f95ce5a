"""Tables of statistics: columns with a key, a label and decimals, and rows with a value by key (see the package)."""

from collections.abc import Mapping, Sequence
from typing import Any

from reports.render.labels import Localised, Texts, joined, said
from survey.instrument.codebook import Variable

type Document = dict[str, Any]
type Values = dict[str, float | None]

DECIMALS = {
    **{"n": 0, "missing": 0, "mean": None, "sd": None, "lower": None, "upper": None, "p": 3, "p_holm": 3},
    **{"adjusted": None, "adjusted_lower": None, "adjusted_upper": None},
}
"""By key; all others have two."""


def make_table(
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


def make_row(label: Localised, name: str, codes: str, values: Values, decimals: int = 2) -> Document:
    return {"label": label, "name": name, "codes": codes, "decimals": decimals, "values": values}


def rounded(values: Mapping[str, float | None], decimals: int) -> Values:
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


def category_label(variable: Variable, codes: Sequence[object], texts: Texts) -> Localised:
    """The name of a category, as in the table of the variable."""
    for grid in variable.levels:
        for category in grid.categories:
            if {variable.codes[index] for index in category.indexes} == set(codes):
                return joined(texts, category.labels)
    raise LookupError(f"{variable.name} has no category {codes}")


def spaced(codes: Sequence[object]) -> str:
    """The codes of a group, as they stand in files."""
    return " ".join(map(str, codes))
