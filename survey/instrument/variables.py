"""Which variables a question leaves in an answer."""

from survey.instrument.schema import Item, Option

SENSITIVE_CONSENT = "con_sens"
"""Sensitive pages, questions and options are shown only where this is 1."""

TEXT_USE, TEXT_TAG = "tst_use", "tst_tag"
"""They go with the texts to the testimony store and leave the response."""


def option_variable(item: Item, option: Option) -> str:
    """`role_04`: one 0/1 position per option of a multiple choice."""
    return f"{item.name}_{option.code:02d}" if isinstance(option.code, int) else f"{item.name}_{option.code}"


def variables_of(item: Item) -> tuple[str, ...]:
    """In codebook order; a text leaves none."""
    match item.kind:
        case "M":
            return tuple(option_variable(item, option) for option in item.options)
        case "X":
            return tuple(row.name for row in item.rows)
        case "T":
            return ()
        case _:
            return (item.name,)
