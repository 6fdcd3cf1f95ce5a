"""The rows as CSV, stamped one by one, and the page beside them."""

from collections.abc import Iterable

from reports.like.draw import Drawn
from reports.like.margins import Document
from survey.instrument.spreadsheet import write

STAMP = "simulated"
"""Name of the first column: a stamp in every row survives copying and cutting, a comment on top does not."""


def stamp(document: Document) -> str:
    return f"SIMULATED from {document['report']}; not answers of people"


def rows(document: Document, drawn: Drawn) -> bytes:
    """One row per invented person, one column per variable: UTF-8 with BOM, line ends as in RFC 4180."""
    said = [stamp(document)] * drawn.n
    return write((STAMP, *drawn.columns), zip(said, *drawn.columns.values(), strict=True))


def readme(document: Document, drawn: Drawn, file: str) -> bytes:
    return _README.format(
        file=file,
        stamp=stamp(document),
        report=document["report"],
        instrument=document["instrument"]["name"],
        version=document["instrument"]["version"],
        rehearsal=_REHEARSAL if document["rehearsal"] else "",
        n=drawn.n,
        released=document["n"],
        seed=drawn.seed,
        columns=len(drawn.columns),
        pairs=_listed(f"`{pair.first}` and `{pair.second}`" for pair in drawn.forest),
        joined=_listed(f"`{name}`" for name, margin in drawn.margins.items() if margin.joined),
        hidden=_listed(f"`{name}`" for name, margin in drawn.margins.items() if margin.hidden),
    ).encode()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


_REHEARSAL = "The release itself is of a rehearsal: nobody answered there either.\n"

_README = """\
# {file}: invented rows

**{stamp}**

{n} invented people, drawn at random (seed {seed}) from what the release {report} says in public (of about {released}
responses). No answer of anybody was read for it, so the rows hold nothing about anybody that the release does not say.
{rehearsal}
## Good for
- Writing and testing a script before there are data: reading, recoding, tables, figures, memory and time.
- Trying what a script does with missing answers and with questions that were not asked.

## Not good for
- Any result. A finding in these rows is one of the published tables again, or chance.
- Models of several variables, tests, scales: whatever no published table shows is made up to be unrelated.
- Following a rule of the questionnaire: bands and other derived variables are drawn like any other and not computed
  from their rows, the main one of several options need not be one that was ticked, and filters hold only roughly.

## Columns
`simulated` says in every row what the row is. The other {columns} are the variables of the questionnaire {instrument},
version {version}, whose one-way table is shown in the release, in the order of its codebook (`codebook.csv` of the
release says what the codes mean). -5: no answer; -7: not asked.

## How they are drawn
- The share of every category is that of its one-way table, up to chance. A category that joins several codes gives each
  of them evenly: {joined}.
- A cell that is hidden has an even share of what the other cells leave, one person at least, never zero: {hidden}.
- No answer and not asked have their published shares; where that count is too small to be published, nobody is drawn.
  Variables with the same number of people not asked are not asked of the same people; options of one question are left
  blank together.
- Of the crosstabs that are shown in full, a tree of the strongest pairs goes together as in the release (Chow and Liu,
  1968), every other pair only as far as this brings about: {pairs}.
"""
