"""Row data like a release: invented people drawn from its protected margins, to write an analysis script against.

A pure function of the published document and the codebook: answers are never looked at, so nothing can be learnt from
the rows that the release does not say.

`margins` what the one-way tables say · `pairs` how two variables go together, from crosstabs · `skips` who was not
asked · `tree` draws along the strongest pairs · `draw` puts the parts together · `files` the CSV and the page beside
"""

from reports.like.draw import Drawn, draw
from reports.like.files import readme, rows
from reports.like.margins import Document, Unusable, instrument

__all__ = ["Document", "Drawn", "Unusable", "draw", "instrument", "readme", "rows"]
