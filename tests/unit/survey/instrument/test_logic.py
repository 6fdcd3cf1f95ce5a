"""The expression language, held to a table that the page's JavaScript is held to as well."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.instrument import logic
from survey.instrument.logic import LogicError, evaluate, from_json, parse, references, to_json, written
from survey.instrument.logic.tree import COMPARISONS, MAX_DEPTH
from survey.instrument.schema import Node

TABLE = json.loads((Path(__file__).parent / "logic_vectors.json").read_text())
ANSWERS = {name: frozenset(given) if isinstance(given, list) else given for name, given in TABLE["answers"].items()}
VALUES = {name: parse(source) for name, source in TABLE["values"].items()}

names = st.sampled_from(["elig", "role", "upcoming", "absent", "refused"])
codes = st.one_of(st.integers(-12, 12), st.text("a1'\" 8-", max_size=3), st.booleans())
leaves = st.one_of(
    codes.map(lambda code: Node("value", (code,))),
    names.map(lambda name: Node("ref", (name,))),
    names.map(lambda name: Node("count-selected", (name,))),
)


def operators(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.sampled_from(["+", "-", "coalesce", *COMPARISONS])
    chains = st.sampled_from(["and", "or"])
    return st.one_of(
        st.builds(lambda op, x, y: Node(op, (x, y)), pairs, inner, inner),
        st.builds(lambda op, parts: Node(op, tuple(parts)), chains, st.lists(inner, min_size=2, max_size=4)),
        st.builds(lambda x: Node("not", (x,)), inner),
        st.builds(lambda name, x: Node("selected", (name, x)), names, inner),
        st.builds(lambda x, y, z: Node("if", (x, y, z)), inner, inner, inner),
    )


trees = st.recursive(leaves, operators, max_leaves=12)
answers = st.dictionaries(names, st.one_of(codes, st.frozensets(st.integers(-9, 12), max_size=4)))


def exactly(value: object) -> tuple[type, object]:
    """True and 1 are different values here, although Python counts them equal."""
    return type(value), value


@pytest.mark.parametrize("vector", TABLE["vectors"], ids=lambda vector: vector["expression"])
def test_an_expression_has_the_value_of_the_table(vector: Mapping[str, Any]) -> None:
    node = parse(vector["expression"])
    assert exactly(evaluate(node, ANSWERS, VALUES)) == exactly(vector["expected"])


@pytest.mark.parametrize("refused", TABLE["refused"], ids=lambda refused: refused["expression"])
def test_what_cannot_be_read_is_refused_with_its_position(refused: Mapping[str, Any]) -> None:
    with pytest.raises(LogicError) as error:
        parse(refused["expression"])
    assert error.value.position == refused["position"]


def test_every_operator_stands_in_the_table() -> None:
    used = " ".join(vector["expression"] for vector in TABLE["vectors"])
    words = {op for op in logic.tree.ARITY if op not in ("value", "ref")}
    assert {word for word in words if word not in used} == set()


@given(trees)
def test_a_tree_survives_json(tree: Node) -> None:
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@given(trees, answers)
def test_every_tree_has_a_value_for_all_answers(tree: Node, given_answers: dict[str, logic.Answer]) -> None:
    value = evaluate(tree, given_answers, {"upcoming": parse("selected(${role}, 3) or ${refused}")})
    assert isinstance(value, int | str | bool)


@given(trees, answers)
def test_a_tree_from_json_has_the_same_value(tree: Node, given_answers: dict[str, logic.Answer]) -> None:
    again = from_json(to_json(tree))
    assert exactly(evaluate(again, given_answers)) == exactly(evaluate(tree, given_answers))


@given(trees.filter(lambda tree: "'" not in written(tree) or '"' not in written(tree)))
def test_a_written_tree_is_read_back(tree: Node) -> None:
    assert parse(written(tree)) == tree


@given(st.text("${}()elig role,=!<>+-1'\" andornotif", max_size=40))
def test_any_text_is_either_read_or_refused(source: str) -> None:
    try:
        node = parse(source)
    except LogicError:
        return
    assert from_json(to_json(node)) == node


@pytest.mark.parametrize(
    "raw",
    [
        None,
        3,
        [],
        [3],
        ["eval", 1],
        ["value"],
        ["value", None],
        ["value", 1.5],
        ["value", 10**9],
        ["ref", 3],
        ["not", 3],
        ["and", ["value", 1]],
        ["=", ["value", 1], ["value", 1], ["value", 1]],
        ["selected", ["ref", "x"], ["value", 1]],
    ],
    ids=str,
)
def test_json_that_is_no_tree_is_refused(raw: object) -> None:
    with pytest.raises(LogicError):
        from_json(raw)


@pytest.mark.parametrize("source", ["not(" * 50 + "1" + ")" * 50, "1" + "+1" * 60, "-" * 60 + "1"], ids=len)
def test_nesting_is_bounded(source: str) -> None:
    with pytest.raises(LogicError):
        parse(source)


def test_json_nesting_is_bounded() -> None:
    raw: list[Any] = ["value", 1]
    for _ in range(MAX_DEPTH + 1):
        raw = ["not", raw]
    with pytest.raises(LogicError):
        from_json(raw)


def test_references_name_all_that_a_tree_reads() -> None:
    tree = parse("selected(${role}, ${a}) and count-selected(${evt}) > 1 or not(${b} = '${c}')")
    assert references(tree) == {"role", "a", "evt", "b"}
