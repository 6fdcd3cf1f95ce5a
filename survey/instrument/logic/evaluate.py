"""What an expression is worth for given answers. The dialect is described in `survey.instrument.logic`."""

import operator
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from survey.instrument.schema import MISSING, Code, Node

type Answer = Code | frozenset[Code]
"""A code, a missing code, '' (blank) or the set of ticked codes."""

type Value = int | str | bool
type Evaluator = Callable[[Mapping[str, Answer]], Value]
type Named = Mapping[str, Evaluator]

NO_VALUES: Mapping[str, Node] = MappingProxyType({})


def evaluate(node: Node, answers: Mapping[str, Answer], values: Mapping[str, Node] = NO_VALUES) -> Value:
    """The value of `node`; `values` are the instrument's named expressions, in order of definition. Never raises."""
    return compile_node(node, values)(answers)


def compile_node(node: Node, values: Mapping[str, Node] = NO_VALUES) -> Evaluator:
    """A function of the answers that gives what `evaluate` gives, without walking the tree each time."""
    named: dict[str, Evaluator] = {}
    for name, value in values.items():
        named[name] = _build(value, named)
    return _build(node, named)


def _build(node: Node | Code, named: Named) -> Evaluator:
    assert isinstance(node, Node)
    return BUILDERS[node.op](node, named)


def _parts(node: Node, named: Named) -> tuple[Evaluator, ...]:
    return tuple(_build(arg, named) for arg in node.args)


def _value(node: Node, named: Named) -> Evaluator:
    value = node.args[0]
    assert not isinstance(value, Node)
    return lambda answers: value


def _ref(node: Node, named: Named) -> Evaluator:
    name = str(node.args[0])
    if name in named:
        return named[name]

    def ref(answers: Mapping[str, Answer]) -> Value:
        answer = answers.get(name, "")
        if isinstance(answer, frozenset):
            return " ".join(sorted(map(_written, answer)))
        return "" if answer in MISSING else answer

    return ref


def _members(node: Node, named: Named) -> Callable[[Mapping[str, Answer]], Collection[Value]]:
    """The codes that the answer consists of, missing codes included; a blank has none."""
    name = str(node.args[0])
    if name in named:
        value = named[name]
        return lambda answers: _as_members(value(answers))
    return lambda answers: _as_members(answers.get(name, ""))


def _as_members(answer: Answer) -> Collection[Value]:
    if isinstance(answer, frozenset):
        return answer
    return () if answer == "" else (answer,)


def _selected(node: Node, named: Named) -> Evaluator:
    members, wanted = _members(node, named), _build(node.args[1], named)

    def selected(answers: Mapping[str, Answer]) -> bool:
        codes, code = members(answers), wanted(answers)
        return code in codes or any(_same(code, one) for one in codes)

    return selected


def _count_selected(node: Node, named: Named) -> Evaluator:
    members = _members(node, named)
    return lambda answers: sum(code not in MISSING for code in members(answers))


def _and(node: Node, named: Named) -> Evaluator:
    parts = _parts(node, named)
    return lambda answers: all(part(answers) for part in parts)


def _or(node: Node, named: Named) -> Evaluator:
    parts = _parts(node, named)
    return lambda answers: any(part(answers) for part in parts)


def _not(node: Node, named: Named) -> Evaluator:
    part = _build(node.args[0], named)
    return lambda answers: not part(answers)


def _if(node: Node, named: Named) -> Evaluator:
    test, then, otherwise = _parts(node, named)
    return lambda answers: then(answers) if test(answers) else otherwise(answers)


def _coalesce(node: Node, named: Named) -> Evaluator:
    first, second = _parts(node, named)

    def coalesce(answers: Mapping[str, Answer]) -> Value:
        value = first(answers)
        return second(answers) if value == "" else value

    return coalesce


def _equal(node: Node, named: Named) -> Evaluator:
    left, right = _parts(node, named)
    return lambda answers: _same(left(answers), right(answers))


def _unequal(node: Node, named: Named) -> Evaluator:
    left, right = _parts(node, named)
    return lambda answers: not _same(left(answers), right(answers))


def _ordered(compare: Callable[[int, int], bool]) -> Callable[[Node, Named], Evaluator]:
    def build(node: Node, named: Named) -> Evaluator:
        left, right = _parts(node, named)

        def ordered(answers: Mapping[str, Answer]) -> bool:
            a, b = left(answers), right(answers)
            return isinstance(a, int) and isinstance(b, int) and compare(a, b)

        return ordered

    return build


def _arithmetic(combine: Callable[[int, int], int]) -> Callable[[Node, Named], Evaluator]:
    def build(node: Node, named: Named) -> Evaluator:
        left, right = _parts(node, named)

        def arithmetic(answers: Mapping[str, Answer]) -> Value:
            a, b = left(answers), right(answers)
            return combine(int(a), int(b)) if isinstance(a, int) and isinstance(b, int) else ""

        return arithmetic

    return build


def _same(a: Value, b: Value) -> bool:
    return a == b or _written(a) == _written(b)


def _written(value: Value) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


BUILDERS: dict[str, Callable[[Node, Named], Evaluator]] = {
    "value": _value,
    "ref": _ref,
    "selected": _selected,
    "count-selected": _count_selected,
    "not": _not,
    "if": _if,
    "coalesce": _coalesce,
    "and": _and,
    "or": _or,
    "=": _equal,
    "!=": _unequal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
}
