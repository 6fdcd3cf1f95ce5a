"""Facts of the wave, named expressions, wordings, pipes and shared answer labels."""

from survey.instrument.load.reader import Value
from survey.instrument.load.scope import LAST, Scope
from survey.instrument.logic import references
from survey.instrument.schema import Node, Option, Pipe, Text

FACTS_PLACE = 0


def read_facts(scope: Scope, section: Value) -> None:
    """`event_6: announced past`: a name and the values that it may have."""
    scope.at = FACTS_PLACE
    for key, value in section.pairs():
        scope.claim(key, frozenset(value.of(key.text()).names()))


def read_values(scope: Scope, section: Value) -> dict[str, Node]:
    """Named expressions. Their place in the form follows from what they use (`place_values`)."""
    scope.at = LAST
    values: dict[str, Node] = {}
    for key, value in section.pairs():
        with scope.problems:
            name = scope.claim(key, variable=False)
            values[name] = scope.expression(value.of(name))
    return values


def place_values(scope: Scope, values: dict[str, Node]) -> None:
    """A value can be used as soon as everything that it uses is known. It may use only values above it."""
    for name, node in values.items():
        scope.places[name] = place_of(scope, node)


def place_of(scope: Scope, node: Node) -> float:
    return max((scope.places.get(name, FACTS_PLACE) for name in references(node)), default=FACTS_PLACE)


def read_wordings(scope: Scope, section: Value) -> dict[str, Node]:
    scope.at = LAST
    wordings: dict[str, Node] = {}
    for key, value in section.pairs():
        if key.name() in ("default", "reverse"):
            raise key.error(f"{key.text()!r} cannot be the name of a wording")
        wordings[key.name()] = scope.expression(value.of(key.text()))
    return wordings


def read_pipe_items(scope: Scope, section: Value) -> frozenset[str]:
    """The questions whose answers give pipes their text: these answers get a form for the beginning of a sentence."""
    tables = (value.table({"item", "neutral"}) for _, value in section.pairs())
    return frozenset(table.need("item").name() for table in tables)


def read_fill_ins(scope: Scope, section: Value) -> frozenset[str]:
    """`country: where the server stands`: a name, and for the operator what belongs there."""
    return frozenset(key.name() for key, value in section.pairs() if value.text())


def read_pipes(scope: Scope, section: Value) -> tuple[Pipe, ...]:
    """`{name}` is the label chosen in `item`; the neutral text stands where none is chosen."""
    return tuple(_pipe(scope, key, value) for key, value in section.pairs())


def _pipe(scope: Scope, key: Value, value: Value) -> Pipe:
    name = key.name()
    if name != name.lower():
        raise key.error("the name of a pipe has no capitals: {Name} is its form at the beginning of a sentence")
    table = value.of(f"pipe {name}").table({"item", "neutral"})
    item = table.need("item")
    if item.name() not in scope.places:
        raise item.error(f"there is no question {item.text()!r}")
    scope.at = scope.places[item.text()]
    neutral = scope.text(f"pipe.{name}", table.need("neutral"))
    return Pipe(name, item.text(), neutral, scope.initial(f"pipe.{name}.initial", neutral, table.need("neutral")))


def read_choices(scope: Scope, section: Value) -> dict[str, tuple[Option, ...]]:
    """Answer labels that several questions share, under keys of their own (`agree.1`)."""
    scope.at = LAST
    choices: dict[str, tuple[Option, ...]] = {}
    for key, value in section.pairs():
        with scope.problems:
            name = scope.claim(key, variable=False)
            choices[name] = plain_options(scope, name, value.of(name))
    return choices


def plain_options(scope: Scope, name: str, value: Value) -> tuple[Option, ...]:
    """Codes and labels, nothing else."""
    return tuple(Option(key.code(), scope.text(f"{name}.{key.code()}", label)) for key, label in value.pairs())


def read_texts(scope: Scope, section: Value) -> dict[str, Text]:
    """Texts that stand in no page, by name."""
    scope.at = LAST
    texts: dict[str, Text] = {}
    for key, value in section.pairs():
        with scope.problems:
            name = scope.claim(key, variable=False)
            texts[name] = scope.text(name, value.of(name))
    return texts


def read_ends(scope: Scope, section: Value) -> dict[str, Text]:
    """End screens by name; `end` is what people read after sending."""
    ends = read_texts(scope, section)
    if "end" not in ends:
        raise section.error("'end' is missing: what people read after sending")
    return ends
