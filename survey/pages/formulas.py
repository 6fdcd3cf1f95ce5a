"""Formulas over the boxes of a form: built short, printed as selectors by `style`, and asked of a set of ticks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ticked:
    """The box with this id is ticked or, for a text, something stands in it."""

    id: str
    text: bool = False


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Formula"


type Formula = bool | Ticked | All | Any | Not


def all_of(*parts: Formula) -> Formula:
    return _joined(All, parts, neutral=True)


def any_of(*parts: Formula) -> Formula:
    return _joined(Any, parts, neutral=False)


def _joined(kind: type[All] | type[Any], parts: Iterable[Formula], neutral: bool) -> Formula:
    """All of the parts (neutral: true) or any of them (neutral: false), as short as easily found."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part is (not neutral):
            return part
        if part is not neutral:
            kept.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    for known in [part for part in kept if isinstance(part, Ticked)]:
        # Beside a box that must be ticked, the other parts need not ask for it again; likewise for "any".
        told = [part if part == known else _given(part, known, neutral) for part in kept]
        if told != list(kept):
            return _joined(kind, told, neutral)
    return neutral if not kept else next(iter(kept)) if len(kept) == 1 else kind(tuple(kept))


def _given(formula: Formula, known: Ticked, value: bool) -> Formula:
    match formula:
        case Ticked():
            return value if formula == known else formula
        case All(parts):
            return _rejoined(formula, all_of, parts, known, value)
        case Any(parts):
            return _rejoined(formula, any_of, parts, known, value)
        case Not(part):
            told = _given(part, known, value)
            return formula if told is part else negated(told)
        case _:
            return formula


def _rejoined(
    formula: Formula, join: Callable[..., Formula], parts: tuple[Formula, ...], known: Ticked, value: bool
) -> Formula:
    told = [_given(part, known, value) for part in parts]
    return formula if all(new is old for new, old in zip(told, parts, strict=True)) else join(*told)


def negated(part: Formula) -> Formula:
    if isinstance(part, bool):
        return not part
    return part.part if isinstance(part, Not) else Not(part)


def at_least_two(parts: Iterable[Formula]) -> Formula:
    listed = tuple(parts)
    return any_of(*(all_of(part, any_of(*listed[index + 1 :])) for index, part in enumerate(listed)))


def holds(formula: Formula, ticked: frozenset[str]) -> bool:
    """Whether the formula holds when exactly these boxes are ticked (text fields: filled)."""
    match formula:
        case bool():
            return formula
        case Ticked(id):
            return id in ticked
        case All(parts):
            return all(holds(part, ticked) for part in parts)
        case Any(parts):
            return any(holds(part, ticked) for part in parts)
        case Not(part):
            return not holds(part, ticked)
