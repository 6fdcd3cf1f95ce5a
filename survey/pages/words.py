"""Texts of an instrument as markup: every wording is in the document, piped labels stand in their neutral form.

Where the style sheet can look at the ticked boxes it shows the wording that fits and the label that was chosen.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from survey.instrument.schema import Instrument, Item, Option, Pipe, Text
from survey.instrument.texts import Catalogue
from survey.pages.conditions import Conditions, Untranslatable
from survey.pages.formulas import Formula, all_of, any_of, negated
from survey.pages.style import Sheet, quoted

PLACE = re.compile(r"\{(\w+)\}")
LEADING_STOP = re.compile(r"^[\s.。.]+")
LINE = tuple(range(11))
LONGEST_NAME = 20


def is_line(item: Item) -> bool:
    """Whether the answers are a 0-10 line, of a question or of the rows of a matrix."""
    return tuple(option.code for option in item.options) == LINE


class Wording(NamedTuple):
    name: str
    formula: Formula
    """When it replaces the default; false where style cannot tell."""
    text: Text


class Typesetter:
    """Sets the texts of one instrument in one language; collects the rules they need in `sheet`."""

    def __init__(
        self,
        instrument: Instrument,
        catalogue: Catalogue,
        conditions: Conditions,
        sheet: Sheet,
        fills: Mapping[str, str],
    ) -> None:
        self._instrument = instrument
        self._catalogue = catalogue
        self._conditions = conditions
        self._sheet = sheet
        self._fills = fills
        self._pipes = {pipe.name: pipe for pipe in instrument.pipes}
        self.html = cache(self._html)

    def _html(self, text: Text) -> SafeString:
        """The text with all its wordings; only the first stands where style cannot choose."""
        wordings = self._wordings(text)
        default = self._set(self._catalogue.text(text))
        if not wordings:
            return default
        spans = [_span("", self._sheet.shown_while(negated(any_of(*(one.formula for one in wordings)))), default)]
        spans += [
            _span(one.name, self._sheet.revealed_while(one.formula), self._html(one.text), True) for one in wordings
        ]
        return mark_safe("".join(spans))

    def lines(self, text: Text) -> tuple[SafeString, ...]:
        return tuple(self._set(line) for line in self._catalogue.text(text).splitlines() if line.strip())

    def around(self, text: Text, place: str) -> tuple[SafeString, SafeString]:
        """The text before and after a place that the page fills with more than words (help lines, the code)."""
        before, after = split_at(self._catalogue.text(text), place)
        return self._set(before), self._set(after)

    def _wordings(self, text: Text) -> list["Wording"]:
        """When each other wording replaces the default: the first that fits wins."""
        listed: list[Wording] = []
        earlier: Formula = False
        for name, worded in text.wordings:
            try:
                fits = self._conditions.wording(name)
            except Untranslatable:  # the script can tell
                listed.append(Wording(name, False, worded))
                continue
            here = all_of(fits, negated(earlier))
            if here is not False:
                listed.append(Wording(name, here, worded))
            earlier = any_of(earlier, fits)
        return listed

    def _set(self, raw: str) -> SafeString:
        parts = PLACE.split(raw)
        return mark_safe(
            "".join(self._place(part) if index % 2 else str(escape(part)) for index, part in enumerate(parts))
        )

    def _place(self, name: str) -> str:
        pipe = self._pipes.get(name.lower())
        if pipe is None:
            # Isolated: a Latin name or address inside Arabic must not change places with its neighbours.
            return f"<bdi>{escape(self._fills.get(name, f'[{name.replace("_", " ")}]'))}</bdi>"
        neutral = self.html(pipe.neutral if name == pipe.name else pipe.neutral_initial)
        return f'<span class="p-{name}"><span>{neutral}</span></span>'

    def set_pipes(self) -> None:
        """Rules that put the label of the chosen option in the place of the neutral one."""
        for pipe in self._pipes.values():
            self._set_pipe(pipe)

    def _set_pipe(self, pipe: Pipe) -> None:
        item = self._instrument.item(pipe.item)
        chosen: Formula = False
        for option in item.options:
            try:
                formula = self._conditions.ticked(item.name, option.code)
            except Untranslatable:
                continue
            if formula is not False and not self._is_neutral(pipe, option):
                chosen = any_of(chosen, formula)
                self._set_label(pipe, option, formula)
        names = pipe.name, pipe.name.capitalize()
        self._sheet.rule(chosen, f":is({','.join(f'.p-{name}' for name in names)})>span", "display:none")
        if self._is_short(item):
            self._sheet.rule(True, f":is({','.join(f'.p-{name}' for name in names)})", "white-space:nowrap")
        for name in names:  # while the property is not set, the content is not valid: nothing is added
            self._sheet.rule(True, f".p-{name}::after", f"content:var(--{name})")

    def _is_short(self, item: Item) -> bool:
        """Names such as GPT-4o should not break at their hyphen; sentences must be able to break."""
        labels = (self._catalogue.text(option.piped or option.label) for option in item.options)
        return all(len(label) <= LONGEST_NAME for label in labels)

    def _is_neutral(self, pipe: Pipe, option: Option) -> bool:
        return not option.label.wordings and self._catalogue.text(option.piped or option.label) == self._catalogue.text(
            pipe.neutral
        )

    def _set_label(self, pipe: Pipe, option: Option, formula: Formula) -> None:
        label = option.piped or option.label
        initial = option.piped_initial or label
        self._sheet.set_while(formula, self._properties(pipe, label, initial))
        # Wordings exclude each other, so their order does not matter.
        for one in self._wordings(label):
            if one.formula is not False:
                self._sheet.set_while(all_of(formula, one.formula), self._properties(pipe, one.text, one.text))

    def _properties(self, pipe: Pipe, label: Text, initial: Text) -> dict[str, str]:
        values = {pipe.name: label, pipe.name.capitalize(): initial}
        return {name: self._content(self._catalogue.text(text)) for name, text in values.items()}

    def _content(self, raw: str) -> str:
        """The text as a CSS `content` value; a pipe inside it becomes the property of that pipe."""
        parts = PLACE.split(raw)
        return " ".join(
            self._content_place(part) if index % 2 else quoted(part)
            for index, part in enumerate(parts)
            if index % 2 or part
        )

    def _content_place(self, name: str) -> str:
        pipe = self._pipes.get(name.lower())
        if pipe is None:
            return quoted(self._fills.get(name, ""))
        neutral = pipe.neutral if name == pipe.name else pipe.neutral_initial
        return f"var(--{name},{quoted(self._catalogue.text(neutral))})"


def split_at(raw: str, place: str) -> tuple[str, str]:
    """What stands before and after `{place}`; the full stop after it goes with the place."""
    before, _, after = raw.partition(f"{{{place}}}")
    return before.rstrip(), LEADING_STOP.sub("", after)


def fill(raw: str, fills: Mapping[str, str]) -> str:
    """The text with its places filled; those that nothing is known of stay."""
    return PLACE.sub(lambda found: fills.get(found[1], found[0]), raw)


def _span(wording: str, css_class: str, inner: str, hidden: bool = False) -> str:
    """`data-w` names the wording for the script; the class belongs to the style sheet."""
    return f'<span data-w="{wording}" class="{css_class}"{" hidden" if hidden else ""}>{inner}</span>'
