"""The Markdown of `readme` in parts: the page, the PDF and the spreadsheet show the same text without its marks."""

from collections.abc import Iterator
from dataclasses import dataclass

TITLE, HEADING, ITEM, PARAGRAPH = "title", "heading", "item", "paragraph"
_MARKS = {"# ": TITLE, "## ": HEADING, "- ": ITEM}


@dataclass(frozen=True, slots=True)
class Part:
    kind: str
    """title, heading, item (of a list) or paragraph."""
    text: str


def parts(markdown: str) -> Iterator[Part]:
    """Titles, headings, list items and paragraphs, each with its lines joined. Other Markdown is left as it is."""
    kind, lines = PARAGRAPH, list[str]()
    for line in (*markdown.splitlines(), ""):
        mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
        if lines and (mark or not line.strip() or kind in (TITLE, HEADING)):
            yield Part(kind, _plain(" ".join(lines)))
            kind, lines = PARAGRAPH, []
        if mark:
            kind = _MARKS[mark]
        if line.strip():
            lines.append(line.removeprefix(mark).strip())


def _plain(text: str) -> str:
    """Without the marks of code and of bold text."""
    return text.replace("`", "").replace("**", "")
