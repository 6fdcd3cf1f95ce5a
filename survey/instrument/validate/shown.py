"""What a page shows for given answers, finished or not: for rendering, never for judging."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.instrument.logic import Answer, compile_node
from survey.instrument.schema import Code, Instrument, Note, Option, Page, Pipe, Text
from survey.instrument.validate.compiled import compiled
from survey.instrument.validate.outcome import Facts
from survey.instrument.validate.reading import Fields
from survey.instrument.validate.walk import Walk
from survey.instrument.variables import SENSITIVE_CONSENT


@dataclass(frozen=True, slots=True)
class Shown:
    pages: frozenset[str]
    offered: Mapping[str, frozenset[Code]]
    """Item that is asked -> the codes offered (none for texts)."""
    rows: frozenset[str]
    """Matrix rows that are asked."""
    notes: frozenset[tuple[str, int]]
    """(page name, place among the page's elements) of every note that stands."""
    below: frozenset[tuple[str, Code]]
    """(item, code) of every offered option whose note stands below it."""
    given_by_rule: Mapping[str, Code]
    """Items that are not asked because one candidate was left, with that candidate."""
    wordings: frozenset[str]
    """Names of `Instrument.wordings` that hold."""
    pipes: Mapping[str, Text]
    """`model`, `Model`, `event`, `Event`: worded, in the instrument's order; one may hold pipes before it."""
    answers: Mapping[str, Answer]
    """As understood: by item or row, with facts and derived variables; missing codes for what is hidden or blank."""

    def asks(self, name: str) -> bool:
        """Whether the item, or the matrix row, is asked."""
        return name in self.offered or name in self.rows

    def text(self, text: Text) -> Text:
        """The wording that fits these answers."""
        return next((worded for name, worded in text.wordings if name in self.wordings), text)


def relevance(instrument: Instrument, fields: Fields, facts: Facts) -> Shown:
    """`fields` as for `validate`; errors among them read as blank."""
    ready = compiled(instrument)
    walk = Walk(ready, fields, facts).run()
    wordings = frozenset(name for name, holds in ready.wordings.items() if holds(walk.answers))
    pages = frozenset(page.name for page in instrument.pages if _stands(page, instrument, walk.answers))
    return Shown(
        pages=pages,
        offered=walk.offered,
        rows=frozenset(walk.rows),
        notes=frozenset(_notes(instrument, pages, walk.answers)),
        below=frozenset(_below(instrument, walk)),
        given_by_rule=walk.given_by_rule,
        wordings=wordings,
        pipes=_pipes(instrument, wordings, walk.answers),
        answers=walk.answers,
    )


def _stands(element: Page | Note, instrument: Instrument, answers: Mapping[str, Answer]) -> bool:
    if isinstance(element, Page) and element.sens and answers.get(SENSITIVE_CONSENT) != 1:
        return False
    return element.relevant is None or bool(compile_node(element.relevant, instrument.values)(answers))


def _notes(instrument: Instrument, pages: frozenset[str], answers: Mapping[str, Answer]) -> Iterator[tuple[str, int]]:
    for page in instrument.pages:
        for place, element in enumerate(page.elements):
            if page.name in pages and isinstance(element, Note) and _stands(element, instrument, answers):
                yield page.name, place


def _below(instrument: Instrument, walk: Walk) -> Iterator[tuple[str, Code]]:
    for item in instrument.items:
        for option in item.options:
            offered = option.code in walk.offered.get(item.name, ())
            if offered and option.below and _stands(option.below, instrument, walk.answers):
                yield item.name, option.code


def _pipes(instrument: Instrument, wordings: frozenset[str], answers: Mapping[str, Answer]) -> dict[str, Text]:
    pipes: dict[str, Text] = {}
    for pipe in instrument.pipes:
        inner, initial = _piped(pipe, _chosen(instrument, pipe, answers))
        pipes[pipe.name] = _worded(inner, wordings)
        pipes[pipe.name.capitalize()] = _worded(initial, wordings)
    return pipes


def _chosen(instrument: Instrument, pipe: Pipe, answers: Mapping[str, Answer]) -> Option | None:
    code = answers.get(pipe.item)
    return next((option for option in instrument.item(pipe.item).options if option.code == code), None)


def _piped(pipe: Pipe, option: Option | None) -> tuple[Text, Text]:
    """(inside a sentence, at its beginning); an option without piped labels is named by its label."""
    if option is None:
        return pipe.neutral, pipe.neutral_initial
    inner = option.piped or option.label
    return inner, option.piped_initial or inner


def _worded(text: Text, wordings: frozenset[str]) -> Text:
    return next((worded for name, worded in text.wordings if name in wordings), text)
