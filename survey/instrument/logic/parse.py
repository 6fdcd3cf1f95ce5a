"""From the written form of an expression to its tree, by recursive descent."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from survey.instrument.logic.tree import ARITY, COMPARISONS, MAX_DEPTH, LogicError, height
from survey.instrument.schema import Node

TOKEN = re.compile(
    r"""(?P<ref>\$\{[A-Za-z_][A-Za-z0-9_]*\})
      | (?P<number>[0-9]{1,9}(?![0-9A-Za-z_]))
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<word>[A-Za-z]+(?:-[A-Za-z]+)*)
      | (?P<sign>!=|<=|>=|[=<>+(),-])""",
    re.VERBOSE,
)
FUNCTIONS = ("not", "if", "coalesce")
CONSTANTS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    position: int


def parse(source: str) -> Node:
    """Read an expression. Raises LogicError with the position of the first thing that does not fit."""
    reader = _Reader(list(_tokens(source)), len(source))
    node = reader.either()
    reader.expect_end()
    if height(node) > MAX_DEPTH:
        raise LogicError("nested too deeply", 0)
    return node


def _tokens(source: str) -> Iterator[Token]:
    position = 0
    while position < len(source):
        if source[position].isspace():
            position += 1
            continue
        match = TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            raise LogicError(f"cannot read {source[position]!r}", position)
        yield Token(match.lastgroup, match.group(), position)
        position = match.end()


class _Reader:
    """One method per binding strength, loosest first."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.tokens = tokens
        self.next = 0
        self.depth = 0
        self.links = 0
        self.end = Token("end", "the end", end)

    def peek(self) -> Token:
        return self.tokens[self.next] if self.next < len(self.tokens) else self.end

    def take(self) -> Token:
        token = self.peek()
        self.next += 1
        return token

    def accept(self, *texts: str) -> str | None:
        token = self.peek()
        if token.kind in ("word", "sign") and token.text in texts:
            return self.take().text
        return None

    def expect(self, text: str) -> None:
        if self.accept(text) is None:
            raise self.unexpected(f"expected {text!r}")

    def expect_end(self) -> None:
        if self.peek() is not self.end:
            raise self.unexpected("expected the end")

    def unexpected(self, message: str) -> LogicError:
        token = self.peek()
        return LogicError(f"{message}, found {token.text!r}", token.position)

    def either(self) -> Node:
        return self.joined("or", self.both)

    def both(self) -> Node:
        return self.joined("and", self.comparison)

    def joined(self, op: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.accept(op):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Node(op, tuple(parts))

    def comparison(self) -> Node:
        left = self.sum()
        op = self.accept(*COMPARISONS)
        return left if op is None else Node(op, (left, self.sum()))

    def sum(self) -> Node:
        left = self.signed()
        while op := self.accept("+", "-"):
            self.links += 1
            if self.links > MAX_DEPTH:
                raise self.unexpected("too many sums")
            left = Node(op, (left, self.signed()))
        return left

    def signed(self) -> Node:
        if not self.accept("-"):
            return self.primary()
        node = self.nested(self.signed)
        if node.op == "value" and isinstance(node.args[0], int):
            return Node("value", (-node.args[0],))
        return Node("-", (Node("value", (0,)), node))

    def nested(self, part: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.unexpected("nested too deeply")
        node = part()
        self.depth -= 1
        return node

    def primary(self) -> Node:
        token = self.peek()
        if token.kind == "number":
            return Node("value", (int(self.take().text),))
        if token.kind == "text":
            return Node("value", (self.take().text[1:-1],))
        if token.kind == "ref":
            return Node("ref", (self.name(),))
        if self.accept("("):
            node = self.nested(self.either)
            self.expect(")")
            return node
        return self.call()

    def name(self) -> str:
        if self.peek().kind != "ref":
            raise self.unexpected("expected a reference such as ${item}")
        return self.take().text[2:-1]

    def call(self) -> Node:
        word = self.accept(*FUNCTIONS, *CONSTANTS, "selected", "count-selected")
        if word is None:
            raise self.unexpected("expected a value")
        self.expect("(")
        node = self.arguments(word)
        self.expect(")")
        return node

    def arguments(self, word: str) -> Node:
        if word in CONSTANTS:
            return Node("value", (CONSTANTS[word],))
        if word == "count-selected":
            return Node(word, (self.name(),))
        if word == "selected":
            name = self.name()
            self.expect(",")
            return Node(word, (name, self.nested(self.either)))
        args = [self.nested(self.either)]
        for _ in range(ARITY[word][0] - 1):
            self.expect(",")
            args.append(self.nested(self.either))
        return Node(word, tuple(args))
