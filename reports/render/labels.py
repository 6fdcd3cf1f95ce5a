"""Names of variables and categories in one language, as they stand in codebooks and reports."""

from collections.abc import Callable, Mapping, Sequence

from reports.render.words import words
from survey.instrument.codebook import Variable
from survey.instrument.schema import Code, Instrument, Text
from survey.instrument.texts import Catalogue

type Reader = Callable[[Text], str]
"""Gives the wording of an instrument's text in one language, pipes filled."""

type Texts = Mapping[str, Reader]
"""Language -> reader."""

type Localised = dict[str, str]
"""Language -> text."""


def reader(instrument: Instrument, catalogue: Catalogue) -> Reader:
    """In reports a pipe reads as the instrument's text `codebook_<pipe>` says, else as where nothing was chosen.

    What an operator fills in (a country, an institution) stands as its name in square brackets.
    """
    pipes = _Pipes()
    for pipe in instrument.pipes:
        neutral = instrument.texts.get(f"codebook_{pipe.name}", pipe.neutral)
        initial = instrument.texts.get(f"codebook_{pipe.name}_initial", pipe.neutral_initial)
        pipes[pipe.name] = catalogue.text(neutral)
        pipes[pipe.name.capitalize()] = catalogue.text(initial)
    return lambda text: catalogue.render(text, pipes)


class _Pipes(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"[{name}]"


def localised(texts: Texts, text: Text) -> Localised:
    return {language: read(text) for language, read in texts.items()}


def joined(texts: Texts, labels: tuple[Text, ...]) -> Localised:
    """The name of a category: its own, or the labels of its codes joined by "or"."""
    return {language: words(language)["or"].join(map(read, labels)) for language, read in texts.items()}


def named(variable: Variable, codes: Sequence[Code], texts: Texts) -> Localised:
    """The name that a variable's ladder gives to these codes together, or their own names."""
    indexes = tuple(variable.codes.index(code) for code in codes)
    known = (one.labels for grid in variable.levels for one in grid.categories if one.indexes == indexes)
    return joined(texts, next(known, tuple(variable.option_texts[index] for index in indexes)))


def said(texts: Texts, key: str) -> Localised:
    """A word of reports in every language of the report."""
    return {language: words(language)[key] for language in texts}
