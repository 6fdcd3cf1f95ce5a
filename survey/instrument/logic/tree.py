"""The tree of an expression: its operators, its JSON form, the names it refers to."""

from collections.abc import Iterator

from survey.instrument.schema import Node

MAX_DEPTH = 40
"""Nesting beyond this is refused, so that no evaluator runs out of stack."""

MAX_NUMBER = 999_999_999
"""Literals stay far below what JavaScript counts exactly, however often a tree adds them."""

LEAVES = frozenset({"value", "ref", "count-selected"})
COMPARISONS = ("=", "!=", "<=", ">=", "<", ">")
ARITY: dict[str, tuple[int, int]] = {
    "value": (1, 1),
    "ref": (1, 1),
    "count-selected": (1, 1),
    "selected": (2, 2),
    "not": (1, 1),
    "if": (3, 3),
    "coalesce": (2, 2),
    "and": (2, 1000),
    "or": (2, 1000),
    "+": (2, 2),
    "-": (2, 2),
    **dict.fromkeys(COMPARISONS, (2, 2)),
}
"""Operator -> fewest and most arguments."""

type Json = int | str | bool | list["Json"]


class LogicError(ValueError):
    """An expression that cannot be read. `position` counts characters from 0, or is -1 for a JSON tree."""

    def __init__(self, message: str, position: int = -1) -> None:
        super().__init__(message if position < 0 else f"{message} at character {position + 1}")
        self.position = position


def to_json(node: Node) -> list[Json]:
    return [node.op, *(to_json(arg) if isinstance(arg, Node) else arg for arg in node.args)]


def from_json(raw: object, depth: int = 0) -> Node:
    """The inverse of `to_json`. Raises LogicError on anything that `parse` could not have made."""
    if depth > MAX_DEPTH:
        raise LogicError("nested too deeply")
    if not isinstance(raw, list) or not raw or not isinstance(raw[0], str) or raw[0] not in ARITY:
        raise LogicError(f"not an operator with arguments: {raw!r:.60}")
    op, args = raw[0], raw[1:]
    fewest, most = ARITY[op]
    if not fewest <= len(args) <= most:
        raise LogicError(f"{op} takes {fewest} arguments, not {len(args)}")
    if op == "value":
        return Node(op, (_literal(args[0]),))
    if op in LEAVES:
        return Node(op, (_name(args[0]),))
    if op == "selected":
        return Node(op, (_name(args[0]), from_json(args[1], depth + 1)))
    return Node(op, tuple(from_json(arg, depth + 1) for arg in args))


def _literal(raw: object) -> int | str:
    if isinstance(raw, str) or (isinstance(raw, int) and abs(raw) <= MAX_NUMBER):
        return raw
    raise LogicError(f"not a literal: {raw!r:.60}")


def _name(raw: object) -> str:
    if isinstance(raw, str):
        return raw
    raise LogicError(f"not a name: {raw!r:.60}")


def height(node: Node) -> int:
    """How many operators stand above the deepest leaf."""
    return max((1 + height(arg) for arg in node.args if isinstance(arg, Node)), default=0)


def references(node: Node) -> frozenset[str]:
    """Every name that the expression refers to, named values included."""
    return frozenset(_references(node))


def _references(node: Node) -> Iterator[str]:
    if node.op in ("ref", "selected", "count-selected"):
        yield str(node.args[0])
    for arg in node.args:
        if isinstance(arg, Node):
            yield from _references(arg)
