"""The real instrument, and short ways to send answers to it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import survey.instruments
from survey.instrument.codebook import build_codebook
from survey.instrument.load import load_instrument
from survey.instrument.schema import Code
from survey.instrument.validate import Facts, Shown, Submission, relevance, validate
from survey.instrument.variables import variables_of

MRIS = load_instrument(Path(survey.instruments.__path__[0]) / "mris")
CODEBOOK = build_codebook(MRIS)
PAST = Facts("en", {6: "past"}, unproven=False, fast="no")
ANNOUNCED = replace(PAST, events={6: "announced"})
CONSENT = {"con_age": ["1"], "con_read": ["1"], "con_store": ["1"], "con_sens": ["1"]}


def fields(**sent: Any) -> dict[str, list[str]]:
    """Consent and what was sent; a plain value stands for one value."""
    listed = {name: [str(v) for v in (value if isinstance(value, list) else [value])] for name, value in sent.items()}
    return CONSENT | listed


def judge(facts: Facts = PAST, /, **sent: Any) -> Submission:
    outcome = validate(MRIS, fields(**sent), facts)
    assert outcome.submission is not None, outcome
    return outcome.submission


def answers(facts: Facts = PAST, /, **sent: Any) -> dict[str, Code]:
    return judge(facts, **sent).answers


def shown(facts: Facts = PAST, /, **sent: Any) -> Shown:
    return relevance(MRIS, fields(**sent), facts)


def codes_of(stored: Mapping[str, Code], items: Iterable[str]) -> set[Code]:
    """The distinct codes of all variables of these items."""
    return {stored[variable] for item in items for variable in variables_of(MRIS.item(item))}
