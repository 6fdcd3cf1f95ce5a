"""The style sheet of a form: the common look, and the rules that show, hide and word by what is ticked.

Conditions are written `.bare:where(...)`, where the condition weighs nothing, so the order of the rules decides. The
page script takes the class `bare` from the form and decides in their place. All of them stand behind
`@supports selector(:has(*))`: a browser without it shows every question, with its "only if" note.
"""

import re
from functools import cache
from pathlib import Path

from survey.pages.formulas import All, Any, Formula, Not, Ticked, negated

NEVER = "never"
"""The class of what no answer can bring up: such elements are left out."""

FOLDER = Path(__file__).resolve().parent.parent / "static" / "survey"


def selector(formula: Formula) -> str:
    """A compound selector that fits the form element when the formula holds."""
    match formula:
        case bool():
            return ":not(*)" if not formula else ""
        case Ticked():
            return f":has({_box(formula)})"
        case Not(part):
            return f":not({selector(part)})"
        case All(parts):
            return "".join(selector(part) for part in parts)
        case Any(parts):
            return _either(parts)


def _either(parts: tuple[Formula, ...]) -> str:
    boxes = ",".join(_box(part) for part in parts if isinstance(part, Ticked))
    others = [selector(part) for part in parts if not isinstance(part, Ticked)]
    if not others:
        return f":has({boxes})"
    return f":is({','.join([f':has({boxes})', *others] if boxes else others)})"


def _box(ticked: Ticked) -> str:
    # A text field carries a blank placeholder: while that is shown, nothing has been written.
    return f"#{ticked.id}:not(:placeholder-shown)" if ticked.text else f"#{ticked.id}:checked"


class Sheet:
    """Collects the rules that the parts of one form need; equal conditions share one class."""

    def __init__(self) -> None:
        self._classes: dict[tuple[bool, Formula], str] = {}
        self._content: list[str] = []

    def shown_while(self, formula: Formula) -> str:
        """A class for something that stands by default and is hidden while the formula does not hold."""
        if isinstance(formula, bool):
            return "" if formula else NEVER
        return self._class(False, formula)

    def revealed_while(self, formula: Formula) -> str:
        """A class for something that is hidden by default and shown, in the line, while the formula holds."""
        return self._class(True, formula) if formula is not False else ""

    def set_while(self, formula: Formula, values: dict[str, str]) -> None:
        """Give custom properties (CSS values) to the form while the formula holds; later calls win."""
        body = ";".join(f"--{name}:{value}" for name, value in values.items())
        self._content.append(f"{_where(formula)}{{{body}}}")

    def rule(self, formula: Formula, target: str, body: str) -> None:
        self._content.append(f"{_where(formula)} {target}{{{body}}}")

    def _class(self, reveals: bool, formula: Formula) -> str:
        return self._classes.setdefault((reveals, formula), f"c{len(self._classes)}")

    def css(self) -> str:
        toggles = (
            f"{_where(formula)} .{name}{{display:inline}}"
            if reveals
            else f"{_where(negated(formula))} .{name}{{display:none!important}}"
            for (reveals, formula), name in self._classes.items()
        )
        return f"@supports selector(:has(*)){{{''.join([*toggles, *self._content])}}}"


def _where(formula: Formula) -> str:
    return "form" if formula is True else f".bare:where({selector(formula)})"


def quoted(text: str) -> str:
    """A CSS string. `<` is escaped too: the sheet stands inside an HTML element."""
    return '"' + re.sub(r'["\\<\n\r\f\0]', lambda found: f"\\{ord(found.group()):x} ", text) + '"'


@cache
def common() -> str:
    """The look of every respondent page, without comments and needless blanks."""
    return squeezed((FOLDER / "paper.css").read_text(encoding="utf-8"))


def squeezed(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?|(?<=:) ", lambda found: found.group(1) or "", css).replace(";}", "}").strip()
