"""From the tree of an expression back to its written form."""

from collections.abc import Callable

from survey.instrument.logic.tree import COMPARISONS
from survey.instrument.schema import Code, Node

LOOSEST = ("or", "and", *COMPARISONS, "+", "-")


def written(node: Node) -> str:
    """The expression as `parse` reads it, with brackets around every operator inside another."""
    return _WRITERS.get(node.op, _operator)(node)


def _operator(node: Node) -> str:
    return f" {node.op} ".join(map(_inside, node.args))


def _inside(part: Node | Code) -> str:
    assert isinstance(part, Node)
    return f"({written(part)})" if part.op in LOOSEST else written(part)


def _value(node: Node) -> str:
    (value,) = node.args
    if isinstance(value, bool):
        return f"{str(value).lower()}()"
    quote = '"' if "'" in str(value) else "'"
    return str(value) if isinstance(value, int) else f"{quote}{value}{quote}"


def _call(node: Node) -> str:
    return f"{node.op}({', '.join(map(_argument, node.args))})"


def _argument(part: Node | Code) -> str:
    return written(part) if isinstance(part, Node) else f"${{{part}}}"


def _reference(node: Node) -> str:
    return _argument(node.args[0])


_WRITERS: dict[str, Callable[[Node], str]] = {
    "value": _value,
    "ref": _reference,
    **dict.fromkeys(("selected", "count-selected", "not", "if", "coalesce"), _call),
}
