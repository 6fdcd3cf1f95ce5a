"""From an instrument, the texts of a language and the facts of a wave to the view of a blank form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from survey.instrument.schema import PREFER_NOT_TO_SAY, Code, Instrument, Item, Note, Option, Page, Row, Text
from survey.instrument.texts import Catalogue
from survey.pages import script, style
from survey.pages.conditions import Conditions, Untranslatable, box_id
from survey.pages.formulas import Formula, any_of, negated
from survey.pages.languages import language
from survey.pages.view import NO_MARKUP, Choice, End, FormView, Passage, Question, Section
from survey.pages.view import Row as RowView
from survey.pages.words import Typesetter, is_line


@dataclass(frozen=True, slots=True)
class Setting:
    """What the blank form of one wave in one language is made from."""

    instrument: Instrument
    catalogue: Catalogue
    facts: Mapping[str, Code]
    """What expressions may ask of the wave: `event_6` = announced."""
    fills: Mapping[str, str]
    """Operator's details, seal date: by the name of the place in the text."""
    form: str = ""
    """Empty, or the name of a shorter form."""


def build_form(setting: Setting) -> FormView:
    return _Builder(setting).form()


class _Builder:
    def __init__(self, setting: Setting) -> None:
        self.instrument = setting.instrument
        self.facts = setting.facts
        self.language = language(setting.catalogue.language)
        self.conditions = Conditions(setting.instrument, setting.facts, setting.form)
        self.sheet = style.Sheet()
        self.words = Typesetter(setting.instrument, setting.catalogue, self.conditions, self.sheet, setting.fills)
        self.refusal = self.words.html(setting.instrument.texts["prefer_not_to_say"])

    def form(self) -> FormView:
        sections = tuple(section for page in self.instrument.pages if (section := self.section(page)).elements)
        self.words.set_pipes()
        title = self.words.html(self.instrument.title)
        logic = script.knowledge(self.instrument, self.conditions, self.facts, self.language)
        return FormView(title, sections, style.common() + self.sheet.css(), logic, self.ends())

    def ends(self) -> tuple[End, ...]:
        reached = {end: None for item in self.instrument.items for _, end in item.ends}
        return tuple(End(name, self.words.html(self.instrument.ends[name])) for name in reached)

    def section(self, page: Page) -> Section:
        css = self.classes(lambda: self.conditions.page(page), self.ended_before(page))
        elements = tuple(self.elements(page))
        return Section(page.name, self.words.html(page.title), elements, css, self.only_if(page.only_if, css))

    def ended_before(self, page: Page) -> Callable[[], Formula]:
        """After an answer that ends the form there is nothing more to fill in."""
        earlier = self.instrument.pages[: self.instrument.pages.index(page)]
        endings = [(item, code) for one in earlier for item in one.items for code, _ in item.ends]
        return lambda: negated(any_of(*(self.conditions.ticked(item.name, code) for item, code in endings)))

    def elements(self, page: Page) -> Iterator[Question | Passage]:
        for element in page.elements:
            if isinstance(element, Note):
                yield self.passage(element)
            elif self.conditions.keeps(element):
                yield self.question(element)

    def passage(self, note: Note) -> Passage:
        css = self.classes(lambda: self.conditions.where(note.relevant))
        return Passage(note.role, self.lines(note), css, note.name if note.relevant else "")

    def lines(self, note: Note) -> tuple[SafeString, ...]:
        match note.role:
            case "information":
                return self.words.lines(note.text)
            case "support":
                return self.words.around(note.text, "helplines")
            case _:
                return (self.words.html(note.text),)

    def question(self, item: Item) -> Question:
        css = self.classes(lambda: self.conditions.item(item.name))
        line = is_line(item)
        return Question(
            name=item.name,
            kind=item.kind,
            legend=self.words.html(item.text),
            choices=() if item.kind in ("X", "T") else self.choices(item, item.name),
            rows=tuple(self.row(item, row) for row in item.rows if self.conditions.keeps(item, row)),
            heads=self.heads(item) if item.kind == "X" and not line else (),
            ends=tuple(self.words.html(item.options[end].label) for end in (0, -1)) if line else (),
            hint=self.words.html(item.hint) if item.hint else NO_MARKUP,
            only_if=self.only_if(item.only_if, css),
            css=css,
            required=item.required,
            max_length=item.max_length,
        )

    def row(self, item: Item, row: Row) -> RowView:
        return RowView(row.name, self.words.html(row.label), self.choices(item, row.name))

    def heads(self, item: Item) -> tuple[SafeString, ...]:
        return (*(self.words.html(option.label) for option in item.shown_options), self.refusal)

    def choices(self, item: Item, field: str) -> tuple[Choice, ...]:
        offered = [self.choice(item, field, option) for option in item.shown_options]
        if not item.required:
            offered.append(self.refused(field))
        return tuple(choice for choice in offered if choice)

    def choice(self, item: Item, field: str, option: Option) -> Choice | None:
        css = self.classes(lambda: self.conditions.option(item, option))
        if css == style.NEVER:
            return None
        piped, initial = self.piped_labels(item, option)
        return Choice(
            id=box_id(field, option.code),
            name=field,
            value=str(option.code),
            label=self.line_label(item, option) if is_line(item) else self.words.html(option.label),
            css=css,
            below=self.passage(option.below) if option.below else None,
            piped=piped,
            piped_initial=initial,
        )

    def piped_labels(self, item: Item, option: Option) -> tuple[SafeString, SafeString]:
        """What a pipe says for this answer; nothing where that is the label as it stands in the list."""
        if all(pipe.item != item.name for pipe in self.instrument.pipes):
            return NO_MARKUP, NO_MARKUP
        inner = option.piped or option.label
        initial = option.piped_initial or inner
        return (
            self.words.html(inner) if inner != option.label else NO_MARKUP,
            self.words.html(initial) if initial != inner else NO_MARKUP,
        )

    def line_label(self, item: Item, option: Option) -> SafeString:
        if option not in (item.options[0], item.options[-1]):
            return self.words.html(option.label)
        return format_html('{}<span class="vh"> {}</span>', option.code, self.words.html(option.label))

    def refused(self, field: str) -> Choice:
        return Choice(
            id=box_id(field, PREFER_NOT_TO_SAY),
            name=field,
            value=str(PREFER_NOT_TO_SAY),
            label=self.refusal,
            is_refusal=True,
        )

    def only_if(self, text: Text | None, css: str) -> Passage | None:
        """Where style shows the question to the right people, it hides the note."""
        return Passage("only", (self.words.html(text),), "styled" if css else "") if text else None

    def classes(self, *formulas: Callable[[], Formula]) -> str:
        """Classes that hide an element unless every formula holds; none where style cannot tell."""
        found: list[str] = []
        for formula in formulas:
            try:
                found.append(self.sheet.shown_while(formula()))
            except Untranslatable:
                continue
        return style.NEVER if style.NEVER in found else " ".join(filter(None, found))
