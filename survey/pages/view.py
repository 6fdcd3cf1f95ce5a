"""What a form shows, as plain data: templates only print it.

Markup in these classes (SafeString) was made by `words`, which escapes every text; all other strings are plain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils.safestring import SafeString

NO_MARKUP = SafeString("")
NO_MESSAGES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or check box."""

    id: str
    name: str
    value: str
    label: SafeString
    css: str = ""
    piped: SafeString = NO_MARKUP
    """What a pipe says for this answer, where that is not the label; `piped_initial`: at the start of a sentence."""
    piped_initial: SafeString = NO_MARKUP
    is_refusal: bool = False
    below: "Passage | None" = None
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix: a radio group of its own."""

    name: str
    legend: SafeString
    choices: tuple[Choice, ...]
    error: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    kind: str
    legend: SafeString
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    heads: tuple[SafeString, ...] = ()
    """Labels of the columns of a matrix, in the order of each row's choices."""
    ends: tuple[SafeString, ...] = ()
    """What the two ends of a 0-10 line mean."""
    hint: SafeString = NO_MARKUP
    only_if: "Passage | None" = None
    css: str = ""
    required: bool = False
    max_length: int = 0
    text: str = ""
    error: str = ""

    @property
    def is_line(self) -> bool:
        return bool(self.ends)

    @property
    def input(self) -> str:
        return "checkbox" if self.kind == "M" else "radio"

    @property
    def target(self) -> str:
        """The id of the first control: where a link in the error summary leads."""
        return self.name if self.kind == "T" else (self.choices or self.rows[0].choices)[0].id

    @property
    def described_by(self) -> str:
        parts = [("only", self.only_if), ("hint", self.hint), ("error", self.error)]
        return " ".join(f"{self.name}-{part}" for part, there in parts if there)


@dataclass(frozen=True, slots=True)
class Passage:
    """Text between questions. `role` as in the instrument: information, intro, header, support or hint."""

    role: str
    lines: tuple[SafeString, ...]
    css: str = ""
    name: str = ""
    """Of a note that stands only for some: the script finds it by this."""
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: SafeString
    elements: tuple[Question | Passage, ...]
    css: str = ""
    only_if: Passage | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary: where to go, what was asked, what is the matter."""

    target: str
    question: SafeString
    message: str


@dataclass(frozen=True, slots=True)
class End:
    """What is said after an answer that ends the form."""

    name: str
    text: SafeString


@dataclass(frozen=True, slots=True)
class FormView:
    title: SafeString
    sections: tuple[Section, ...]
    stylesheet: str
    logic: str
    """What the page script knows of this form: JSON."""
    ends: tuple[End, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(
            element for section in self.sections for element in section.elements if isinstance(element, Question)
        )

    @property
    def field_names(self) -> frozenset[str]:
        """Every name under which this form sends an answer."""
        names = (row.name for question in self.questions for row in question.rows)
        return frozenset([*names, *(question.name for question in self.questions if not question.rows)])


def filled(view: FormView, fields: Mapping[str, Sequence[str]], messages: Mapping[str, str] = NO_MESSAGES) -> FormView:
    """The same form with these answers in place, and with a message at each field that needs another look."""
    sections = tuple(
        replace(section, elements=tuple(_filled(element, fields, messages) for element in section.elements))
        for section in view.sections
    )
    filled_view = replace(view, sections=sections)
    return replace(filled_view, problems=tuple(_problems(filled_view.questions)))


def _filled(
    element: Question | Passage, fields: Mapping[str, Sequence[str]], messages: Mapping[str, str]
) -> Question | Passage:
    if isinstance(element, Passage):
        return element
    return replace(
        element,
        choices=_ticked(element.choices, fields),
        rows=tuple(
            replace(row, choices=_ticked(row.choices, fields), error=messages.get(row.name, "")) for row in element.rows
        ),
        text=next(iter(fields.get(element.name, ())), "") if element.kind == "T" else "",
        error=messages.get(element.name, ""),
    )


def _ticked(choices: tuple[Choice, ...], fields: Mapping[str, Sequence[str]]) -> tuple[Choice, ...]:
    values = fields.get(choices[0].name, ()) if choices else ()
    if not values:
        return choices
    return tuple(replace(choice, checked=True) if choice.value in values else choice for choice in choices)


def _problems(questions: Sequence[Question]) -> list[Problem]:
    found: list[Problem] = []
    for question in questions:
        if question.error:
            found.append(Problem(question.target, question.legend, question.error))
        found += [Problem(row.choices[0].id, row.legend, row.error) for row in question.rows if row.error]
    return found
