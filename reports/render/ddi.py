"""`questionnaire.xml`: the questionnaire as DDI-Codebook 2.5, in every language of the report. It holds no answer.

Names and order of elements are those of the XML schema of the DDI Alliance (DDI-Codebook 2.5, 2012). What may stand
there only once (how a variable is derived) is in English; everything that may be repeated is said in every language.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from reports.render import prose
from reports.render.labels import Texts
from reports.render.readme import readme
from reports.render.words import words
from survey.instrument.codebook import Codebook, Variable
from survey.instrument.logic import references, written
from survey.instrument.schema import (
    LEFT_BLANK,
    NOT_SHOWN,
    PREFER_NOT_TO_SAY,
    SENSITIVE_LEFT_OUT,
    Code,
    Derived,
    Instrument,
    Item,
    Page,
    Text,
)
from survey.instrument.variables import SENSITIVE_CONSENT, option_variable, variables_of

type Document = dict[str, Any]

NAMESPACE, VERSION = "ddi:codebook:2_5", "2.5"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_GROUPS = {"M": "multipleResp", "X": "grid"}
_DOMAINS = {"M": "multiple", "N": "numeric", "T": "text"}


def questionnaire(book: Codebook, texts: Texts, document: Document) -> bytes:
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": VERSION, _LANG: document["languages"][0]})
    _document_description(root, document)
    _study_description(root, document)
    _Variables(book, texts).describe(root)
    ET.indent(root, " ")
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _add(parent: ET.Element, tag: str, text: str = "", language: str = "", /, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, tag, attributes | ({_LANG: language} if language else {}))
    made.text = text or None
    return made


def _titles(citation: ET.Element, titles: dict[str, str], document: Document, identity: str) -> None:
    statement, first = _add(citation, "titlStmt"), document["languages"][0]
    for language in document["languages"]:
        stamp = f"{document['stamp'][language]}: " if document["stamp"] else ""
        _add(statement, "titl" if language == first else "parTitl", stamp + titles[language], language)
    _add(statement, "IDNo", identity)


def _document_description(root: ET.Element, document: Document) -> None:
    citation = _add(_add(root, "docDscr"), "citation")
    _titles(citation, document["title"], document, document["report"])
    production = _add(citation, "prodStmt")
    _add(production, "producer", _publisher(document))
    _add(production, "copyright", document["licence"])
    _add(production, "prodDate", document["made_on"], date=document["made_on"])


def _publisher(document: Document) -> str:
    return str(document["publisher"] or words(document["languages"][0])["publisher_unknown"])


def _study_description(root: ET.Element, document: Document) -> None:
    study, instrument = _add(root, "stdyDscr"), document["instrument"]
    citation = _add(study, "citation")
    _titles(citation, document["title"], document, document["survey"])
    _add(_add(citation, "rspStmt"), "AuthEnty", _publisher(document))
    if document["contact"]:
        _add(_add(citation, "distStmt"), "contact", document["contact"])
    version = _add(citation, "verStmt")
    _add(version, "version", f"{instrument['name']} {instrument['version']}")
    _add(version, "notes", f"SHA-256 {instrument['sha256']}")
    for language in document["languages"]:
        for line in _methods(document, language):
            _add(study, "notes", line, language, subject="methods")


def _methods(document: Document, language: str) -> Iterator[str]:
    """The list under the first heading of the page that goes with a report."""
    parts = list(prose.parts(readme(document, language).decode()))
    headings = [at for at, part in enumerate(parts) if part.kind == prose.HEADING]
    return (part.text for part in parts[headings[0] : headings[1]] if part.kind == prose.ITEM)


class _Variables:
    def __init__(self, book: Codebook, texts: Texts) -> None:
        self.book, self.texts, self.instrument = book, texts, book.questionnaire
        self.by_item = {item.name: (page, item) for page in self.instrument.pages for item in page.items}
        self.derived = {one.name: one for one in self.instrument.derived}
        self.ids = {variable.name: f"V_{variable.name}" for variable in book.variables}

    def describe(self, root: ET.Element) -> None:
        part = _add(root, "dataDscr")
        for page in self.instrument.pages:
            self._page(part, page)
        for page in self.instrument.pages:
            for item in page.items:
                self._group(part, item)
        for variable in self.book.variables:
            self._variable(part, variable)
        for page, item in self.by_item.values():
            if item.kind == "T":
                self._text(part, page, item)
        for name, node in self.instrument.values.items():
            _add(part, "notes", f"{name}: {written(node)}", subject="named expressions")

    def _said(self, parent: ET.Element, name: str, text: Text) -> None:
        for language, read in self.texts.items():
            _add(parent, name, read(text), language)

    def _worded(self, parent: ET.Element, name: str, key: str) -> None:
        for language in self.texts:
            _add(parent, name, words(language)[key], language)

    def _page(self, part: ET.Element, page: Page) -> None:
        names = [name for item in page.items for name in variables_of(item) if name in self.ids]
        if names:
            group = _add(part, "varGrp", ID=f"P_{page.name}", type="section", var=self._refs(names), name=page.name)
            self._said(group, "labl", page.title)

    def _group(self, part: ET.Element, item: Item) -> None:
        if item.kind in _GROUPS:
            refs = self._refs(variables_of(item))
            group = _add(part, "varGrp", ID=f"G_{item.name}", type=_GROUPS[item.kind], var=refs, name=item.name)
            self._said(group, "labl", item.text)

    def _refs(self, names: Iterable[str]) -> str:
        return " ".join(self.ids[name] for name in names if name in self.ids)

    def _variable(self, part: ET.Element, variable: Variable) -> None:
        kind = "code" if variable.kind != "N" else "numeric"
        made = _add(part, "var", ID=self.ids[variable.name], name=variable.name, representationType=kind)
        self._said(made, "labl", variable.text)
        page, item = self.by_item.get(variable.item, (None, None))
        if page and item:
            self._question(made, item, variable.text if item.kind == "X" else None)
        missing = _missing(variable, item)
        ranges = _add(made, "invalrng")
        for code in missing:
            _add(ranges, "item", VALUE=str(code))
        if page and item:
            self._universe(made, page, item, variable.sens)
        self._categories(made, variable, missing)
        if page and item:
            self._condition(made, page, item, variable)
        if variable.name in self.derived:
            self._derivation(made, self.derived[variable.name])
        texts = any(isinstance(code, str) for code in variable.codes)
        _add(made, "varFormat", type="character" if texts else "numeric")
        if variable.position is None:
            self._worded(made, "notes", "kept_apart")

    def _text(self, part: ET.Element, page: Page, item: Item) -> None:
        made = _add(part, "var", ID=f"V_{item.name}", name=item.name, representationType="text")
        self._said(made, "labl", item.text)
        self._question(made, item, None)
        self._universe(made, page, item, page.sens or item.sens)
        _add(made, "varFormat", type="character")
        self._worded(made, "notes", "kept_apart")

    def _question(self, made: ET.Element, item: Item, row: Text | None) -> None:
        for language, read in self.texts.items():
            question = _add(made, "qstn", "", language, responseDomainType=_DOMAINS.get(item.kind, "category"))
            _add(question, "qstnLit", read(item.text))
            if row:
                _add(question, "postQTxt", read(row))
            if item.hint:
                _add(question, "ivuInstr", read(item.hint))

    def _universe(self, made: ET.Element, page: Page, item: Item, sensitive: bool) -> None:
        """Who is asked, in the words that people without script read beside the question."""
        conditions = [text for text in (page.only_if, item.only_if) if text]
        if not conditions:
            # An option may be sensitive in a question that is not.
            self._worded(made, "universe", "agreed_only" if sensitive else "everybody")
            return
        for language, read in self.texts.items():
            _add(made, "universe", " ".join(map(read, conditions)), language)

    def _categories(self, made: ET.Element, variable: Variable, missing: Sequence[Code]) -> None:
        for code, label in zip(variable.codes, variable.option_texts, strict=True):
            category = _add(made, "catgry")
            _add(category, "catValu", str(code))
            self._said(category, "labl", label)
        for code in missing:
            category = _add(made, "catgry", missing="Y")
            _add(category, "catValu", str(code))
            self._worded(category, "labl", f"missing_{-int(code)}")

    def _condition(self, made: ET.Element, page: Page, item: Item, variable: Variable) -> None:
        """The same as an expression, with what holds for one option alone."""
        option = next((one for one in item.options if option_variable(item, one) == variable.name), None)
        sensitive = [f"${{{SENSITIVE_CONSENT}}} = 1"] if variable.sens else []
        nodes = [node for node in (page.relevant, item.relevant, option and option.relevant) if node]
        parts = [*sensitive, *(f"({written(node)})" for node in nodes)]
        if parts:
            _add(made, "codInstr", " and ".join(parts))

    def _derivation(self, made: ET.Element, derived: Derived) -> None:
        names = _ingredients(self.instrument, derived)
        refs = self._refs(name for name in self.ids if name in names)
        derivation = _add(made, "derivation", **({"var": refs} if refs else {}))
        _add(derivation, "drvdesc", self._how(derived), "en")
        if derived.cases:
            _add(derivation, "drvcmd", "; ".join(f"{code} if {written(node)}" for code, node in derived.cases))

    def _how(self, derived: Derived) -> str:
        if derived.scale is None:
            return f"{derived.label.source}." if derived.rule != "cases" else "The first case that holds; else -5."
        scale = self.book.scales[derived.scale]
        turned = ", ".join(name for name, is_turned in scale.rows if is_turned)
        low, middle = (cut / 100 for cut in scale.cuts)
        return (
            f"Mean of at least {scale.minimum} answered rows, rounded half up to hundredths: 1 up to {low}, 2 up to "
            f"{middle}, 3 above." + (f" Turned round ({scale.low + scale.high} - x): {turned}." if turned else "")
        )


def _missing(variable: Variable, item: Item | None) -> list[Code]:
    """Codes that stand for no answer; a derived variable has those of what it is derived from."""
    sensitive = [SENSITIVE_LEFT_OUT] if variable.sens else []
    refused = [PREFER_NOT_TO_SAY] if item and not item.required else []
    return [LEFT_BLANK, *sensitive, NOT_SHOWN, *refused]


def _ingredients(instrument: Instrument, derived: Derived) -> set[str]:
    """Names that a derived variable refers to: rows of its scale, or answers of its cases, by way of named values."""
    names = {row for scale in instrument.scales if scale.name == derived.scale for row in scale.rows}
    found = names.union(*(references(node) for _, node in derived.cases))
    while more := {name for one in found & set(instrument.values) for name in references(instrument.values[one])}:
        found = found - set(instrument.values) | more
    variables = {item.name: variables_of(item) for item in instrument.items}
    return {name for one in found for name in variables.get(one, (one,))}
