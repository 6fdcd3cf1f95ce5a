"""Reads an instrument from a folder of YAML files and refuses whatever cannot be right, with file, line and item.

**Files.** `events.yaml` and `helplines.yaml` are catalogues of their own; every other `*.yaml` of the folder belongs
to the questionnaire. Its sections may be spread over the files as one likes, each section stands in one of them:

    name version title      facts values wordings     pipes fill_ins      choices texts ends      remarks forms
    pages                   scales bands derived      ladders slots

**Texts** are a line, or a table with `default` and a line for each wording (`changed:`, `current:`, ...): the first
wording whose expression holds replaces the default. `{model}` is a pipe, `{Model}` the same at the beginning of a
sentence, `{country}` a fill-in.

**Questions** are `single`, `multiple`, `matrix`, `line` (0 to 10) or `free` (text). Their answers are `options`
(code: label), shared `choices`, the `anchors` of a line, or `options_from` an earlier multiple choice: those ticked
there. Beside its label an option may have `sens`, `exclusive`, `if`, `piped` (what a pipe says for it) and `below` (a
note). `if` is an expression (see `survey.instrument.logic`) and may use only what is known by then: facts, earlier
answers, values and computed variables of earlier answers. Whatever is not asked of everybody says in `only_if` of whom.

A `slot` is room for a licensed scale: it is a matrix where the operator has put its words into `slots/<name>.yaml`,
else nothing. A shared text stands in a note or a hint by `from: name`.

**Keys** of texts, under which translations stand (gettext `msgctxt`), never change within a version:

    att_s1                question, row or note        att_s1@current       the same in another wording
    mig_same.hint         hint beside a question       evt_main.only_if     for whom a question or page is
    role.10               option                       agree.1 number.5     shared labels, numerals of a line
    clo.0 clo.10          ends of a line               P3.title             page
    mdl.4.piped           piped label                  mdl.4.initial        the same at the beginning of a sentence
    pipe.model            neutral text of a pipe       pipe.model.initial   likewise
    support END_NO        texts of no page             scale.ATT band.1     public name of a scale, bands
    ladder.mdl.1.2+3+4+5  group of a ladder's level    ladder.agree5.1.1+2.pol   the same for one question
    ladder.gen.1.note     note of a ladder's level     title                the questionnaire
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from survey.instrument.load import checks, rules, slots
from survey.instrument.load.catalogues import Event, HelpLine, load_events, load_help_lines
from survey.instrument.load.ladders import read_ladders
from survey.instrument.load.questions import read_pages
from survey.instrument.load.reader import InstrumentError, Table, Value, read_file
from survey.instrument.load.scales import read_bands, read_derived, read_scales
from survey.instrument.load.scope import Scope
from survey.instrument.schema import Instrument

__all__ = ["Event", "HelpLine", "InstrumentError", "load_events", "load_help_lines", "load_instrument"]

CATALOGUES = ("events.yaml", "helplines.yaml")
NEEDED = ("name", "version", "title", "pages", "ends")
SECTIONS = (
    *NEEDED,
    *("facts", "values", "wordings", "pipes", "fill_ins", "choices", "texts", "remarks", "forms"),
    *("scales", "bands", "derived", "ladders", "slots"),
)


def load_instrument(folder: Path) -> Instrument:
    """The instrument in `folder`. Raises InstrumentError for the first thing that is wrong; `also` holds more."""
    paths = sorted(path for path in folder.glob("*.yaml") if path.name not in CATALOGUES)
    if not paths:
        raise InstrumentError(folder.name, 1, "", "there is no questionnaire in this folder")
    sections = _sections([read_file(path) for path in paths])
    return _instrument(sections, slots.read_words(folder), _digest([*paths, *slots.words_paths(folder)]))


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _sections(files: list[Value]) -> Table:
    found: dict[str, Value] = {}
    for file in files:
        for name, value in file.table(SECTIONS).entries.items():
            if name in found:
                raise value.error(f"the section {name!r} stands in {found[name].file} already")
            found[name] = value
    table = Table(files[0], found)
    for name in NEEDED:
        table.need(name)
    return table


def _instrument(sections: Table, words: Mapping[str, Value], digest: str) -> Instrument:
    scope = Scope()
    parts = _Parts(sections, scope)
    title = scope.text("title", sections.need("title"))
    parts.read("facts", rules.read_facts)
    values = parts.read("values", rules.read_values)
    scope.wordings = parts.read("wordings", rules.read_wordings)
    scope.pipe_items = parts.read("pipes", rules.read_pipe_items)
    scope.choices = parts.read("choices", rules.read_choices)
    scope.named_texts |= (texts := parts.read("texts", rules.read_texts))
    ends = parts.read("ends", rules.read_ends)
    scope.ends = frozenset(ends)
    scope.slots = parts.read("slots", partial(slots.read_slots, words=words))
    pages = parts.read("pages", read_pages)
    rules.place_values(scope, values)
    pipes = parts.read("pipes", rules.read_pipes)
    scales = parts.read("scales", partial(read_scales, pages=pages)) + slots.scales_of_slots(scope.slots)
    bands = parts.read("bands", partial(read_bands, scales=scales))
    derived = parts.read("derived", read_derived)
    instrument = Instrument(
        name=sections.need("name").name(),
        version=sections.need("version").text(),
        title=title,
        pages=pages,
        ends=ends,
        texts=texts,
        pipes=pipes,
        wordings=scope.wordings,
        values=values,
        scales=scales,
        derived=(*derived, *bands),
        ladders=parts.read("ladders", read_ladders),
        forms=parts.read("forms", partial(checks.read_forms, pages=pages)),
        digest=digest,
        remarks=parts.read("remarks", checks.read_remarks),
        slots=tuple(plan.slot for plan in scope.slots.values()),
    )
    checks.check(scope, instrument, parts.read("fill_ins", rules.read_fill_ins))
    return instrument


class _Parts:
    """Reads section after section. One with errors ends the reading, so that no error follows from another."""

    def __init__(self, sections: Table, scope: Scope) -> None:
        self.sections = sections
        self.scope = scope

    def read[Part](self, name: str, reader: Callable[[Scope, Value], Part]) -> Part:
        """What `reader` makes of the section, or of an empty one."""
        problems = self.scope.problems
        try:
            part = reader(self.scope, self.sections.get(name) or self.sections.whole.emptied())
        except InstrumentError as error:
            problems.found.append(error)
        problems.raise_any()
        return part
