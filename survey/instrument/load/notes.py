"""Texts between questions and beside them; the same text may stand in several places (`from`)."""

from survey.instrument.load.reader import Table, Value
from survey.instrument.load.scope import Scope
from survey.instrument.schema import Note, Text

ROLES = ("information", "intro", "header", "support", "hint")
KEYS = {"note", "role", "text", "from", "if"}


def read_note(scope: Scope, value: Value) -> Note:
    """A text between questions: its own, or one that stands elsewhere (`from`)."""
    value = value.named_by("note")
    table = value.table(KEYS)
    name = scope.claim(table.need("note"), variable=False)
    role = table.entries["role"].text() if "role" in table else "intro"
    if role not in ROLES:
        raise table.entries["role"].error(f"unknown role {role!r}; known: {', '.join(ROLES)}")
    condition = table.get("if")
    return Note(name, _note_text(scope, name, table), role, scope.expression(condition) if condition else None)


def _note_text(scope: Scope, name: str, table: Table) -> Text:
    if ("text" in table) == ("from" in table):
        raise table.whole.error("a note has either 'text' or 'from'")
    if "from" in table:
        return _text_from(scope, table.entries["from"])
    scope.named_texts[name] = text = scope.text(name, table.entries["text"])
    return text


def _text_from(scope: Scope, value: Value) -> Text:
    if value.text() not in scope.named_texts:
        raise value.error(f"there is no text or note {value.text()!r} above")
    return scope.named_texts[value.text()]


def read_hint(scope: Scope, name: str, table: Table) -> Text | None:
    value = table.get("hint")
    if value is None:
        return None
    if value.is_table and any(key.text() == "from" for key, _ in value.pairs()):
        return _text_from(scope, value.table({"from"}).need("from"))
    return scope.text(f"{name}.hint", value)
