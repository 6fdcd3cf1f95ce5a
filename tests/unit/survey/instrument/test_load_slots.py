"""Licensed scales: the questionnaire has the room, the operator brings the words."""

from pathlib import Path

import pytest

from survey.instrument.load import InstrumentError, load_instrument
from survey.instrument.schema import Instrument, Row, Text

SMALL = Path(__file__).with_name("load_small.yaml").read_text(encoding="utf-8")
SLOT = """
slots:
  brief:
    label: a brief scale
    rows: 3
    range: 0 2
    reverse: 3
    minimum: 2
    cuts: 66 133
    citation: Somebody (2009)
    rights: ask the holder
"""
WORDS = """\
text: In the past two weeks ..
options:
  0: never
  1: at times
  2: often
rows:
  - I was tired of {model}.
  - I was cold.
  - I was well.
"""


def load(folder: Path, slot: str = SLOT, words: str = "", place: str = "      - slot: brief\n") -> Instrument:
    before, after = SMALL.split("      - free: tst\n")
    (folder / "instrument.yaml").write_text(f"{before}{place}      - free: tst\n{after}{slot}")
    if words:
        (folder / "slots").mkdir()
        (folder / "slots" / "brief.yaml").write_text(words)
    return load_instrument(folder)


def test_a_slot_without_words_is_not_shown_and_not_scored(tmp_path: Path) -> None:
    instrument = load(tmp_path)
    assert [(slot.name, slot.filled) for slot in instrument.slots] == [("brief", False)]
    assert "brief" not in {item.name for item in instrument.items}
    assert "BRIEF" not in {scale.name for scale in instrument.scales}


def test_words_turn_a_slot_into_a_matrix_with_a_banded_scale(tmp_path: Path) -> None:
    instrument = load(tmp_path, words=WORDS)
    item = instrument.item("brief")
    assert (item.kind, item.slot, instrument.slots[0].filled) == ("X", True, True)
    assert item.rows == (
        Row("brief_1", Text("brief_1", "I was tired of {model}.")),
        Row("brief_2", Text("brief_2", "I was cold.")),
        Row("brief_3_r", Text("brief_3_r", "I was well."), reverse=True),
    )
    scale = instrument.scales[-1]
    assert (scale.name, scale.rows, scale.cuts) == ("BRIEF", ("brief_1", "brief_2", "brief_3_r"), (66, 133))
    assert "brief_band" in {derived.name for derived in instrument.derived}


def test_words_are_part_of_the_version(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "with").mkdir()
    assert load(tmp_path / "without").digest != load(tmp_path / "with", words=WORDS).digest


@pytest.mark.parametrize(
    ("words", "line", "message"),
    [
        (WORDS.replace("  - I was well.\n", ""), 7, "2 lines, where the slot has 3"),
        (WORDS.replace("  2: often\n", ""), 3, "do not run from 0 to 2"),
        (WORDS.replace("{model}", "{modell}"), 7, "unknown {modell}"),
        (WORDS.replace("text:", "question:"), 1, "unknown key 'question'"),
    ],
)
def test_words_that_do_not_fit_are_refused(tmp_path: Path, words: str, line: int, message: str) -> None:
    with pytest.raises(InstrumentError, match=message) as caught:
        load(tmp_path, words=words)
    assert (caught.value.file, caught.value.line) == ("brief.yaml", line)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reverse: 3", "reverse: 4", "rows are numbered from 1 to 3"),
        ("    rights: ask the holder\n", "", "'rights' is missing"),
        ("minimum: 2", "minimum: 4", "between 1 and 3"),
    ],
)
def test_a_slot_that_cannot_be_scored_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(InstrumentError, match=message) as caught:
        load(tmp_path, SLOT.replace(old, new))
    assert caught.value.item == "brief"


def test_words_without_a_slot_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="no slot 'brief'"):
        load(tmp_path, slot="", words=WORDS, place="")


def test_a_slot_stands_on_a_sensitive_page(tmp_path: Path) -> None:
    source = SMALL.replace("  P3:\n", "      - slot: brief\n  P3:\n")
    (tmp_path / "instrument.yaml").write_text(source + SLOT)
    with pytest.raises(InstrumentError, match="sensitive pages only"):
        load_instrument(tmp_path)
