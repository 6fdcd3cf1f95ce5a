"""Answers in words: what somebody is about to send, or has sent, as they read it in the form."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from survey.instrument.logic import Answer
from survey.instrument.schema import PREFER_NOT_TO_SAY, Instrument, Item, Page, Text
from survey.instrument.texts import Catalogue
from survey.instrument.validate import Shown
from survey.pages.words import PLACE, is_line


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer; a matrix has its rows in `rows` instead."""

    question: str
    values: tuple[str, ...] = ()
    rows: tuple["Answered", ...] = ()
    is_dropped: bool = False
    """A text that will not be kept, because nothing allows it."""


@dataclass(frozen=True, slots=True)
class AnsweredSection:
    name: str
    title: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    sections: tuple[AnsweredSection, ...]
    left_blank: int
    """Questions and matrix rows that were shown and left blank."""


class Teller:
    """Words the texts of an instrument for one person: the wordings that fit, their own labels in the places.

    `kept`: names of the texts that are, or will be, kept.
    """

    def __init__(
        self,
        instrument: Instrument,
        catalogue: Catalogue,
        shown: Shown,
        fills: Mapping[str, str],
        kept: Collection[str],
    ) -> None:
        self.instrument = instrument
        self.catalogue = catalogue
        self.shown = shown
        self.fills = fills
        self.kept = kept
        self.refusal = catalogue.text(instrument.texts["prefer_not_to_say"])
        self.left_blank = 0

    def say(self, text: Text) -> str:
        """The wording that fits, with the chosen labels in place."""
        return PLACE.sub(lambda found: self._place(found[1]), self.catalogue.text(self.shown.text(text)))

    def _place(self, name: str) -> str:
        if name in self.shown.pipes:
            return self.say(self.shown.pipes[name])
        return self.fills.get(name, f"[{name.replace('_', ' ')}]")

    def summary(self) -> Summary:
        self.left_blank = 0
        sections = tuple(self.section(page) for page in self.instrument.pages)
        return Summary(tuple(section for section in sections if section.answers), self.left_blank)

    def section(self, page: Page) -> AnsweredSection:
        asked = (item for item in page.items if self.shown.asks(item.name))
        return AnsweredSection(page.name, self.say(page.title), tuple(one for item in asked for one in self.item(item)))

    def item(self, item: Item) -> Iterator[Answered]:
        if item.kind == "X":
            rows = tuple(self.rows(item))
            if rows:
                yield Answered(self.say(item.text), rows=rows)
            return
        yield from self.answered(item, item.name, item.text)

    def rows(self, item: Item) -> Iterator[Answered]:
        for row in item.rows:
            if row.name in self.shown.rows:
                yield from self.answered(item, row.name, row.label)

    def answered(self, item: Item, name: str, text: Text) -> Iterator[Answered]:
        values = self.values(item, self.shown.answers.get(name, ""))
        if not values:
            self.left_blank += 1
            return
        dropped = item.kind == "T" and name not in self.kept
        yield Answered(self.say(text), values, is_dropped=dropped)

    def values(self, item: Item, answer: Answer) -> tuple[str, ...]:
        if item.kind == "T":
            return (str(answer),) if answer else ()
        if answer == PREFER_NOT_TO_SAY:
            return (self.refusal,)
        codes = answer if isinstance(answer, frozenset) else {answer}
        labels = {option.code: self.say(option.label) for option in item.options if option.code in codes}
        if is_line(item):
            return tuple(label if label == str(code) else f"{code} · {label}" for code, label in labels.items())
        return tuple(labels.values())
