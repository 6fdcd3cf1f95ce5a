"""The judge of answers: what a form may send becomes a submission in normal form, or a list of errors.

`validate` recomputes from the raw fields what was to be shown, drops whatever was sent for hidden questions and
options, and computes scores and derived variables. Its output is what is stored, byte for byte: equal answers give
equal documents, and validating a stored answer again gives the same answer.
"""

from collections.abc import Mapping

from survey.instrument.schema import (
    LEFT_BLANK,
    NOT_SHOWN,
    PREFER_NOT_TO_SAY,
    SENSITIVE_LEFT_OUT,
    Code,
    Instrument,
    Item,
)
from survey.instrument.validate.compiled import compiled
from survey.instrument.validate.outcome import ErrorCode, Facts, FieldError, Outcome, Submission
from survey.instrument.validate.reading import Fields
from survey.instrument.validate.shown import Shown, relevance
from survey.instrument.validate.walk import Walk
from survey.instrument.variables import option_variable, variables_of

__all__ = [
    "ErrorCode",
    "Facts",
    "FieldError",
    "Fields",
    "Outcome",
    "Shown",
    "Submission",
    "fields_from",
    "relevance",
    "validate",
]


def validate(instrument: Instrument, fields: Fields, facts: Facts) -> Outcome:
    """Judge the fields of a form. Field names that the instrument does not know are ignored.

    An answer that leads to an end screen ends the judgement: nothing else about the form matters or is kept.
    """
    walk = Walk(compiled(instrument), fields, facts).run()
    if walk.end:
        return Outcome(end=walk.end)
    if walk.errors:
        return Outcome(errors=tuple(walk.errors))
    return Outcome(submission=Submission(walk.variables, walk.kept_texts))


def fields_from(instrument: Instrument, submission: Submission) -> dict[str, list[str]]:
    """The fields of a form that is filled in with this submission, ready for `validate`.

    Validating them gives the same submission, with one exception: where `tst_use` 0 dropped the texts, the question
    is not shown the second time (-7 for 0).
    """
    fields = {name: [text] for name, text in submission.texts.items()}
    for item in instrument.items:
        if item.kind == "M":
            fields[item.name] = _ticked_values(item, submission.answers)
        else:
            fields.update({name: _value(submission.answers[name]) for name in variables_of(item)})
    return {name: values for name, values in fields.items() if values}


def _value(code: Code) -> list[str]:
    return [] if code in (LEFT_BLANK, SENSITIVE_LEFT_OUT, NOT_SHOWN) else [str(code)]


def _ticked_values(item: Item, answers: Mapping[str, Code]) -> list[str]:
    positions = {option.code: answers[option_variable(item, option)] for option in item.options}
    if PREFER_NOT_TO_SAY in positions.values():
        return [str(PREFER_NOT_TO_SAY)]
    return [str(code) for code, position in positions.items() if position == 1]
