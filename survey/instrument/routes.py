"""Who is asked what: answers that follow from having been asked at all, as an attacker reads them in the questionnaire.

A question for those who went at all is asked of nobody who never went. Then the number of people whom it was asked is
a count of answers to the earlier question, whatever the table of that one joins. Conditions on single choices are
followed, through named values too; a condition on anything else (ticked options, facts of the wave) is passed over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from survey.instrument.links import conjuncts, names_in
from survey.instrument.logic import Answer, compile_node
from survey.instrument.schema import Code, Instrument, Item, Node, Page
from survey.instrument.variables import option_variable, variables_of

_BLANK = ""
_MOST_TRIED = 4_096
"""Combinations of answers for which a condition is tried; one that looks at more is passed over."""

type Codes = frozenset[Code]
type Answers = Mapping[str, Codes]
"""By single choice: the answers with which a condition can hold."""


@dataclass(frozen=True, slots=True)
class Route:
    """Whoever was asked `variable` gave one of `codes` of `other`; if `all_asked`, whoever gave one was asked."""

    variable: str
    other: str
    codes: Codes
    all_asked: bool


def routes(instrument: Instrument) -> Iterator[Route]:
    found = [route for page in instrument.pages for item in page.items for route in _of_item(instrument, page, item)]
    yield from found
    for scale in instrument.scales:
        # A band is of those who were asked its rows; these stand in one matrix, on one condition.
        yield from (replace(route, variable=scale.band) for route in found if route.variable == scale.rows[0])


def _of_item(instrument: Instrument, page: Page, item: Item) -> Iterator[Route]:
    for_all = [node for node in (page.relevant, item.relevant) if node]
    limited = page.sens or item.sens or item.only_candidate
    if item.kind == "M":
        for option in item.options:
            nodes = [*for_all, *([option.relevant] if option.relevant else [])]
            yield from _routes(instrument, option_variable(item, option), nodes, limited or option.sens)
    else:
        for name in variables_of(item):
            yield from _routes(instrument, name, for_all, limited)


def _routes(instrument: Instrument, variable: str, nodes: list[Node], limited: bool) -> Iterator[Route]:
    parts = [_answers(instrument, part) for node in nodes for part in conjuncts(node)]
    every = {name: _codes(instrument, name) for part in parts for name in part or ()}
    for name, codes in every.items():
        held = frozenset[Code]({_BLANK, *codes}).intersection(*(part[name] for part in parts if part and name in part))
        if _BLANK not in held and held < codes:
            yield Route(variable, name, held, not limited and None not in parts and len(every) == 1)


def _answers(instrument: Instrument, node: Node) -> Answers | None:
    """Answers to each single choice that `node` looks at with which it can hold; None if it looks at anything else."""
    names = sorted(set(names_in(node, instrument)))
    choices = [(_BLANK, *sorted(_codes(instrument, name), key=str)) for name in names]
    tried = 1
    for some in choices:
        tried *= len(some)
    if not names or any(len(some) == 1 for some in choices) or tried > _MOST_TRIED:
        return None
    holds = compile_node(node, instrument.values)
    found: dict[str, set[Code]] = {name: set() for name in names}
    for combination in product(*choices):
        answers: dict[str, Answer] = dict(zip(names, combination, strict=True))
        if holds(answers):
            for name, code in zip(names, combination, strict=True):
                found[name].add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _codes(instrument: Instrument, name: str) -> Codes:
    """The codes of a single choice; none for anything else."""
    return frozenset(
        option.code for item in instrument.items if (item.name, item.kind) == (name, "S") for option in item.options
    )
