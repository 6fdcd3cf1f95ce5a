"""What must stand before a live wave opens: reviewed texts in its languages, and the details of who asks."""

from collections.abc import Iterator

from survey.instrument.schema import Instrument, Item, Note, Option, Page, Text
from survey.instrument.texts import PLACEHOLDER, Catalogue
from survey.instrument.variables import TEXT_TAG, TEXT_USE

CONSENT_PAGES = ("P1a", "P1b")
CONSENT_ITEMS = (TEXT_USE, TEXT_TAG)
FILLED_BY_THE_PAGE = frozenset({"seal_date", "helplines", "code"})


def details_wanted(instrument: Instrument) -> list[str]:
    """Names of the places in the texts that only the operator can fill, in the order of the form."""
    names = (name for text in instrument.all_texts() for name in PLACEHOLDER.findall(text.source))
    pipes = {pipe.name for pipe in instrument.pipes}
    return [name for name in dict.fromkeys(names) if name.lower() not in pipes and name not in FILLED_BY_THE_PAGE]


def unreviewed(instrument: Instrument, catalogue: Catalogue) -> list[str]:
    """Keys of consent, support, scale and sensitive texts whose translation is not reviewed, in the form's order."""
    keys = dict.fromkeys(text.key for text in _with_wordings(_needed(instrument)))
    return [key for key in keys if catalogue.status(key) != "reviewed"]


def _needed(instrument: Instrument) -> Iterator[Text]:
    yield from instrument.ends.values()
    yield from (instrument.texts["support"], instrument.texts["prefer_not_to_say"])
    in_scales = {row for scale in instrument.scales for row in scale.rows}
    for page in instrument.pages:
        for element in page.elements:
            yield from _of_note(page, element) if isinstance(element, Note) else _of_item(page, element, in_scales)


def _of_note(page: Page, note: Note) -> Iterator[Text]:
    if page.sens or page.name in CONSENT_PAGES or note.role == "support":
        yield note.text


def _of_item(page: Page, item: Item, in_scales: set[str]) -> Iterator[Text]:
    asks_consent = page.name in CONSENT_PAGES or item.name in CONSENT_ITEMS
    whole = asks_consent or page.sens or item.sens or any(row.name in in_scales for row in item.rows)
    if whole:
        yield item.text
        yield from (row.label for row in item.rows)
    for option in item.options:
        if whole or option.sens:
            yield from _of_option(option)


def _of_option(option: Option) -> Iterator[Text]:
    yield from (text for text in (option.label, option.piped, option.piped_initial) if text)


def _with_wordings(texts: Iterator[Text]) -> Iterator[Text]:
    for text in texts:
        yield text
        yield from (worded for _, worded in text.wordings)
