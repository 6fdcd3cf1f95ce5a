"""Which answers show a part of the form, as a formula over ticked boxes.

A style sheet cannot run the expression language, but with `:has()` it can ask which boxes of the form are ticked. What
an expression means in those terms is worked out here, with everything the server adds: sensitive parts, pages that
are left out, answers that a hidden question keeps, a value set because one candidate is left. An expression that
cannot be put so (arithmetic, a count above two) raises Untranslatable; what it governs is then always shown.
"""

from collections.abc import Callable, Mapping
from functools import cache

from survey.instrument import schema
from survey.instrument.schema import PREFER_NOT_TO_SAY, Code, Derived, Instrument, Item, Node, Option, Page, Row
from survey.instrument.variables import SENSITIVE_CONSENT
from survey.pages.formulas import Formula, Ticked, all_of, any_of, at_least_two, negated


class Untranslatable(Exception):
    """The expression asks for more than which boxes are ticked."""


type Cases = list[tuple[Code, Formula]]
"""A value by cases: the formulas exclude each other and one of them always holds."""

SOME_TEXT = "\0"
"""Stands for whatever was written into a text field: equal to nothing but itself."""


def box_id(name: str, code: Code) -> str:
    """The id of an option's box: `elig-1`; `elig-no` for "prefer not to say"."""
    return f"{name}-no" if code == PREFER_NOT_TO_SAY else f"{name}-{code}"


class Conditions:
    """Formulas for every part of one instrument under the facts of one wave (for example `event_6` = announced)."""

    def __init__(self, instrument: Instrument, facts: Mapping[str, Code], form: str = "") -> None:
        """`form`: empty, or the name of a shorter form; what it leaves out is never shown."""
        self._instrument = instrument
        self._facts = facts
        self._kept = frozenset(instrument.forms[form]) if form else None
        self._pages = {item.name: page for page in instrument.pages for item in page.items}
        self._items = {item.name: item for item in instrument.items}
        self._rows = {row.name: item for item in instrument.items for row in item.rows}
        self._derived = {derived.name: derived for derived in instrument.derived}
        # Bound caches: every formula is asked for again by the questions that come later.
        self.item = cache(self._item)
        self.value = cache(self._value)

    def keeps(self, item: Item, row: Row | None = None) -> bool:
        """Whether the form has this question, and this row of it."""
        if self._kept is None or item.name in self._kept:
            return True
        return any(one.name in self._kept for one in ((row,) if row else item.rows))

    def page(self, page: Page) -> Formula:
        return all_of(self._consented(page.sens), self.where(page.relevant))

    def _item(self, name: str) -> Formula:
        """When the question is asked."""
        item = self._items[name]
        if not item.only_candidate:
            return self._base(item)
        return all_of(self._base(item), at_least_two(self.option(item, option) for option in item.options))

    def option(self, item: Item, option: Option) -> Formula:
        """When the option is offered, given that its question is asked."""
        return all_of(self._consented(option.sens), self.where(option.relevant))

    def wording(self, name: str) -> Formula:
        return self.where(self._instrument.wordings[name])

    def where(self, node: Node | None) -> Formula:
        return True if node is None else TRANSLATED[node.op](self, node)

    def _base(self, item: Item) -> Formula:
        sensitive = self._pages[item.name].sens or item.sens
        return all_of(self._asked_of(item), self._consented(sensitive))

    def _asked_of(self, item: Item) -> Formula:
        """When the question would be asked of somebody who agreed to everything."""
        return all_of(self.keeps(item), self.where(self._pages[item.name].relevant), self.where(item.relevant))

    def _consented(self, sensitive: bool) -> Formula:
        return Ticked(box_id(SENSITIVE_CONSENT, 1)) if sensitive else True

    def ticked(self, name: str, code: Code) -> Formula:
        """When the stored answer holds this code: ticked and offered, or set by a rule; its question being asked."""
        item = self._question(name)
        if all(option.code != code for option in item.options):
            return self._missing(item, name, code)
        others = [other for other in item.options if other.code != code]
        box: Formula = Ticked(box_id(name, code))
        if item.only_candidate:
            box = any_of(box, negated(any_of(*(self.option(item, other) for other in others))))
        if code == item.blank_as:
            box = negated(any_of(*(Ticked(box_id(name, other.code)) for other in others)))
        offered = all_of(*(self.option(item, option) for option in item.options if option.code == code))
        return all_of(self._base(item), offered, box)

    def _question(self, name: str) -> Item:
        found = self._items.get(name) or self._rows.get(name)
        if found is None:
            raise Untranslatable(name)
        return found

    def _missing(self, item: Item, name: str, code: Code) -> Formula:
        """When the stored answer is this missing code. Not for questions that take their options from candidates."""
        if item.only_candidate and code != PREFER_NOT_TO_SAY:
            raise Untranslatable(name)
        refused = False if item.required else Ticked(box_id(name, PREFER_NOT_TO_SAY))
        match code:
            case schema.PREFER_NOT_TO_SAY:
                return all_of(self.item(item.name), refused)
            case schema.LEFT_BLANK:
                answers = (self.ticked(name, option.code) for option in item.options)
                return all_of(self.item(item.name), negated(any_of(*answers, refused)))
            case schema.NOT_SHOWN:
                return negated(self._asked_of(item))
            case schema.SENSITIVE_LEFT_OUT:
                return all_of(self._asked_of(item), negated(self.item(item.name)))
        return False

    def _value(self, name: str) -> Cases:
        if name in self._instrument.values:
            return self.cases(self._instrument.values[name])
        if name in self._facts:
            return [(self._facts[name], True)]
        if name in self._derived:
            return self._derived_cases(self._derived[name])
        return self._answer_cases(name)

    def _answer_cases(self, name: str) -> Cases:
        item = self._question(name)
        if item.kind == "M":
            raise Untranslatable(name)
        if item.kind == "T":
            filled = all_of(self.item(name), Ticked(name, text=True))
            return [(SOME_TEXT, filled), ("", negated(filled))]
        cases: Cases = [(option.code, self.ticked(name, option.code)) for option in item.options]
        return [*cases, ("", negated(any_of(*(formula for _, formula in cases))))]

    def _derived_cases(self, derived: Derived) -> Cases:
        if derived.rule != "cases":
            raise Untranslatable(derived.name)
        cases: Cases = []
        earlier: Formula = False
        for code, node in derived.cases:
            here = self.where(node)
            read = "" if isinstance(code, int) and code < 0 else code
            cases.append((read, all_of(here, negated(earlier))))
            earlier = any_of(earlier, here)
        return [*cases, ("", negated(earlier))]

    def cases(self, node: Node) -> Cases:
        """The value of an expression by cases."""
        if node.op == "value":
            return [(_literal(node), True)]
        if node.op == "ref":
            return self.value(str(node.args[0]))
        if node.op == "if":
            test, then, otherwise = (arg for arg in node.args if isinstance(arg, Node))
            return self._either(self.where(test), then, otherwise)
        if node.op in ("+", "-", "coalesce", "count-selected"):
            raise Untranslatable(node.op)
        formula = self.where(node)
        return [(True, formula), (False, negated(formula))]

    def _either(self, test: Formula, then: Node, otherwise: Node) -> Cases:
        return [
            *((value, all_of(test, formula)) for value, formula in self.cases(then)),
            *((value, all_of(negated(test), formula)) for value, formula in self.cases(otherwise)),
        ]

    def members(self, name: str) -> list[Formula]:
        """One formula per option of a multiple choice."""
        return [self.ticked(name, option.code) for option in self._question(name).options]


def _nodes(node: Node) -> tuple[Node, ...]:
    return tuple(arg for arg in node.args if isinstance(arg, Node))


def _literal(node: Node) -> Code:
    value = node.args[0]
    assert not isinstance(value, Node)
    return value


def _same(a: Code, b: Code) -> bool:
    return _written(a) == _written(b)


def _written(value: Code) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _pairs(conditions: Conditions, node: Node, fits: Callable[[Code, Code], bool]) -> Formula:
    left, right = _nodes(node)
    return any_of(
        *(
            all_of(here, there)
            for value, here in conditions.cases(left)
            for other, there in conditions.cases(right)
            if fits(value, other)
        )
    )


def _ordered(conditions: Conditions, node: Node) -> Formula:
    left, right = _nodes(node)
    if left.op == "count-selected" and right.op == "value":
        return _counted(conditions, node.op, str(left.args[0]), _literal(right))
    compare = COMPARED[node.op]
    return _pairs(conditions, node, lambda a, b: isinstance(a, int) and isinstance(b, int) and compare(a, b))


def _counted(conditions: Conditions, op: str, name: str, limit: Code) -> Formula:
    members = conditions.members(name)
    match op, limit:
        case (">=", 1) | (">", 0):
            return any_of(*members)
        case (">=", 2) | (">", 1):
            return at_least_two(members)
    raise Untranslatable(f"count-selected {op} {limit}")


def _selected(conditions: Conditions, node: Node) -> Formula:
    name, wanted = str(node.args[0]), _nodes(node)[0]
    if name in conditions._instrument.values or wanted.op != "value":
        raise Untranslatable("selected")
    return conditions.ticked(name, _literal(wanted))


def _alone(conditions: Conditions, node: Node) -> Formula:
    return any_of(*(formula for value, formula in conditions.cases(node) if value))


def _if(conditions: Conditions, node: Node) -> Formula:
    test, then, otherwise = map(conditions.where, _nodes(node))
    return any_of(all_of(test, then), all_of(negated(test), otherwise))


COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "<": int.__lt__,
    "<=": int.__le__,
    ">": int.__gt__,
    ">=": int.__ge__,
}
TRANSLATED: Mapping[str, Callable[[Conditions, Node], Formula]] = {
    "and": lambda conditions, node: all_of(*map(conditions.where, _nodes(node))),
    "or": lambda conditions, node: any_of(*map(conditions.where, _nodes(node))),
    "not": lambda conditions, node: negated(conditions.where(_nodes(node)[0])),
    "if": _if,
    "=": lambda conditions, node: _pairs(conditions, node, _same),
    "!=": lambda conditions, node: negated(_pairs(conditions, node, _same)),
    **dict.fromkeys(COMPARED, _ordered),
    "selected": _selected,
    "value": _alone,
    "ref": _alone,
    **dict.fromkeys(("+", "-", "coalesce", "count-selected"), _alone),
}
