"""YAML that remembers where each value stands, so that every refusal can name file, line and item."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from survey.instrument.schema import Code

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WHOLE = re.compile(r"-?[0-9]{1,9}")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class InstrumentError(ValueError):
    """One thing in the source files that cannot stand. `also` holds further ones found in the same reading."""

    def __init__(self, file: str, line: int, item: str, message: str) -> None:
        super().__init__(file, line, item, message)
        self.file, self.line, self.item, self.message = file, line, item, message
        self.also: tuple[InstrumentError, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.item}: " if self.item else "")
        return "\n".join([where + self.message, *map(str, self.also)])


@dataclass(frozen=True, slots=True)
class Value:
    """A node of a YAML file, and the item it belongs to. Each reading method refuses what has the wrong shape."""

    node: yaml.Node
    file: str
    item: str = ""

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def error(self, message: str) -> InstrumentError:
        return InstrumentError(self.file, self.line, self.item, message)

    def of(self, item: str) -> "Value":
        return replace(self, item=item)

    def emptied(self) -> "Value":
        """A table without entries in the same place: stands for a section that is left out."""
        node = self.node
        return replace(self, node=yaml.MappingNode("tag:yaml.org,2002:map", [], node.start_mark, node.end_mark))

    @property
    def is_scalar(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_table(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_empty(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag == "tag:yaml.org,2002:null"

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error("a text is expected here")
        text = str(self.node.value).strip()
        if self.is_empty or not text:
            raise self.error("the text is missing")
        return text

    def name(self) -> str:
        name = self.text()
        if not NAME.fullmatch(name):
            raise self.error(f"{name!r} is not a name: letters, digits and _ only")
        return name

    def whole(self) -> int:
        text = self.text()
        if not WHOLE.fullmatch(text):
            raise self.error(f"a whole number is expected, not {text!r}")
        return int(text)

    def flag(self) -> bool:
        text = self.text()
        if text not in ("true", "false"):
            raise self.error(f"true or false is expected, not {text!r}")
        return text == "true"

    def code(self) -> Code:
        """A number where it looks like one, else the word (`lang`, `fast`)."""
        text = self.text()
        return int(text) if WHOLE.fullmatch(text) else text

    def list(self) -> list["Value"]:
        """The entries of a list. A plain text is a list of its words, so that `1 2 3` needs no brackets."""
        if isinstance(self.node, yaml.SequenceNode):
            return [replace(self, node=node) for node in self.node.value]
        if self.is_scalar and not self.is_empty:
            return [self._word(word) for word in self.text().split()]
        raise self.error("a list is expected here")

    def _word(self, word: str) -> "Value":
        node = self.node
        return replace(self, node=yaml.ScalarNode("tag:yaml.org,2002:str", word, node.start_mark, node.end_mark))

    def codes(self) -> tuple[Code, ...]:
        codes = tuple(entry.code() for entry in self.list())
        if len(set(codes)) < len(codes):
            raise self.error("a code stands here twice")
        return codes

    def names(self) -> tuple[str, ...]:
        names = tuple(entry.name() for entry in self.list())
        if not names:
            raise self.error("at least one name is expected")
        if len(set(names)) < len(names):
            raise self.error("a name stands here twice")
        return names

    def pairs(self) -> Iterator[tuple["Value", "Value"]]:
        """(key, value) in the order of the file. A key that stands twice is refused."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("a table (`key: value`) is expected here")
        seen: set[str] = set()
        for key_node, node in self.node.value:
            key = replace(self, node=key_node)
            if key.text() in seen:
                raise key.error(f"{key.text()!r} stands here twice")
            seen.add(key.text())
            yield key, replace(self, node=node)

    def named_by(self, key: str) -> "Value":
        """The same table, belonging to the item that its entry `key` names (if it has one)."""
        name = next((value for entry, value in self.pairs() if entry.text() == key), None)
        return self.of(name.text()) if name else self

    def table(self, allowed: Collection[str]) -> "Table":
        """The values by key. A key that is not `allowed` is refused."""
        entries: dict[str, Value] = {}
        for key, value in self.pairs():
            if key.text() not in allowed:
                raise key.error(f"unknown key {key.text()!r}; known here: {', '.join(sorted(allowed))}")
            entries[key.text()] = value
        return Table(self, entries)


@dataclass(frozen=True, slots=True)
class Table:
    """Values by key, with the place of the whole table for errors about what is not there."""

    whole: Value
    entries: dict[str, Value]

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def get(self, key: str) -> Value | None:
        return self.entries.get(key)

    def need(self, key: str) -> Value:
        if key not in self.entries:
            raise self.whole.error(f"{key!r} is missing")
        return self.entries[key]

    def flag(self, key: str) -> bool:
        return key in self.entries and self.entries[key].flag()


def read_file(path: Path) -> Value:
    """The whole of a YAML file. Raises InstrumentError where it is no YAML, or no file."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InstrumentError(path.name, line, "", f"not readable as YAML: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InstrumentError(path.name, 1, "", f"not readable: {error}") from error
    if node is None:
        raise InstrumentError(path.name, 1, "", "the file is empty")
    return Value(node, path.name)


class Problems:
    """Collects what part after part of the source gets wrong, so that one reading shows more than the first error."""

    def __init__(self) -> None:
        self.found: list[InstrumentError] = []

    def __enter__(self) -> "Problems":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, InstrumentError):
            self.found.append(error)
            return True
        return False

    def raise_any(self) -> None:
        if self.found:
            once = {str(error): error for error in self.found}.values()
            first, *rest = sorted(once, key=lambda error: (error.file, error.line))
            first.also = tuple(rest)
            raise first
