"""The loader reads what is right, and says where the rest is wrong: file, line and item."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.instrument.load import InstrumentError, load_instrument
from survey.instrument.logic import parse
from survey.instrument.schema import Group, Instrument, Note, Text

SMALL = Path(__file__).with_name("load_small.yaml").read_text(encoding="utf-8")

type Load = Callable[[str], Instrument]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def from_text(source: str) -> Instrument:
        (tmp_path / "instrument.yaml").write_text(source, encoding="utf-8")
        return load_instrument(tmp_path)

    return from_text


def broken(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, f"{old!r} must stand in the small questionnaire once"
    return SMALL.replace(old, new)


def test_every_kind_of_question_is_read(load: Load) -> None:
    assert [(item.name, item.kind) for item in load(SMALL).items] == [
        ("con_sens", "S"),
        ("elig", "S"),
        ("mdl", "S"),
        ("role", "M"),
        ("role_main", "S"),
        ("att", "X"),
        ("close", "N"),
        ("tst", "T"),
        ("tst_use", "S"),
    ]


def test_wordings_have_keys_of_their_own(load: Load) -> None:
    row = load(SMALL).item("att").rows[0]
    assert row.label == Text("att_1", "{Model} helped.", (("current", Text("att_1@current", "{Model} helps.")),))


def test_shared_labels_have_one_key_for_all_questions(load: Load) -> None:
    assert [option.label.key for option in load(SMALL).item("att").options] == ["agree.1", "agree.2", "agree.3"]


def test_a_pipe_says_the_label_where_nothing_else_is_given(load: Load) -> None:
    first, second = load(SMALL).item("mdl").options
    assert (first.piped, first.piped_initial) == (first.label, first.label)
    assert second.piped == Text("mdl.4.piped", "that model")
    assert second.piped_initial == Text("mdl.4.initial", "That model")


def test_the_neutral_text_of_a_pipe_has_a_form_for_the_beginning_of_a_sentence(load: Load) -> None:
    (pipe,) = load(SMALL).pipes
    assert pipe.neutral_initial.source == "That model"
    assert pipe.neutral_initial.wordings == (("current", Text("pipe.model.initial@current", "This model")),)


def test_answers_carried_over_are_offered_where_they_were_ticked(load: Load) -> None:
    instrument = load(SMALL)
    options = instrument.item("role_main").options
    assert [(option.code, option.sens) for option in options] == [(1, False), (2, True), (6, False)]
    assert options[1].relevant == parse("selected(${role}, 2)")
    assert options[2].relevant == parse("selected(${role}, 6) and ${mdl} = 1")
    assert options[0].label == instrument.item("role").options[0].label


def test_a_line_has_its_ends_and_shared_numerals(load: Load) -> None:
    keys = [option.label.key for option in load(SMALL).item("close").options]
    assert keys == ["close.0", *(f"number.{code}" for code in range(1, 10)), "close.10"]


def test_a_note_below_an_option_and_a_note_that_stands_twice_share_their_text(load: Load) -> None:
    instrument = load(SMALL)
    assert instrument.item("role").options[2].below == Note(
        "help", instrument.texts["support"], "support", parse("${event_6} = 'announced'")
    )
    again = instrument.pages[1].elements[0]
    assert isinstance(again, Note)
    assert again.text.key == "intro"


def test_a_scale_brings_its_bands(load: Load) -> None:
    instrument = load(SMALL)
    band = next(derived for derived in instrument.derived if derived.name == "att_band")
    assert (band.rule, band.scale, band.ladder) == ("band", "ATT", "band3")
    assert [option.label.source for option in band.options] == ["low", "middle", "high"]
    assert [(row.name, row.reverse) for row in instrument.item("att").rows][2] == ("att_3_r", True)


def test_a_group_keeps_its_name_on_later_levels_and_may_have_one_for_a_single_question(load: Load) -> None:
    ladders = load(SMALL).ladders
    first, second = ladders["role_main"].levels
    assert second.groups == (Group((1,), first.groups[0].labels),)
    assert second.out == (2, 6)
    assert (ladders["band3"].cuts, ladders["band3"].apart) == ((1, 2, 3), ())
    assert ladders["agree"].levels[0].groups[0].labels == (
        ("att", Text("ladder.agree.1.1+2.att", "not at all")),
        ("", Text("ladder.agree.1.1+2", "not agree")),
    )


def test_all_texts_come_once_and_under_different_keys(load: Load) -> None:
    keys = [text.key for text in load(SMALL).all_texts()]
    assert len(keys) == len(set(keys))
    assert {"title", "P2.only_if", "role_main.only_if", "intro@current", "support", "scale.ATT", "band.1"} <= {*keys}


def test_sections_may_stand_in_several_files(tmp_path: Path, load: Load) -> None:
    whole = load(SMALL)
    head, pages = SMALL.split("pages:\n")
    (tmp_path / "instrument.yaml").write_text(head)
    (tmp_path / "pages.yaml").write_text(f"pages:\n{pages}")
    assert load_instrument(tmp_path).pages == whole.pages


def test_the_digest_changes_with_any_byte_and_with_nothing_else(load: Load) -> None:
    first = load(SMALL).digest
    assert load(SMALL).digest == first
    assert load(f"{SMALL}\n# a comment\n").digest != first


REFUSED = [
    # (what stands there, what stands there instead, item, message): the error names the broken line
    # names, keys, shapes
    ("title: Small", "titel: Small", "", "unknown key 'titel'"),
    ("        required: true", "        mandatory: true", "con_sens", "unknown key 'mandatory'"),
    ("          1: ended", "          1: {default: ended, sensitive: true}", "elig", "unknown key 'sensitive'"),
    ("          2: {default: a partner, sens: true}", "          2: {sens: true}", "role", "'default' is missing"),
    ("          att_2: I was calm.", "          att_2:", "att_2", "the text is missing"),
    ("          att_2: I was calm.", "          att_2: {default: Calm., past: So.}", "att_2", "unknown key 'past'"),
    ("        text: How close?", "        text: [How, close]", "close", "a text is expected"),
    ("        required: true", "        required: perhaps", "con_sens", "true or false is expected"),
    ("        max_length: 200", "        max_length: long", "tst", "a whole number is expected"),
    ("        max_length: 200", "        max_length: 0", "tst", "at least one character"),
    ("      - line: close", "      - slider: close", "P2", "exactly one of"),
    ("      - line: close", "      - line: elig", "elig", "the name 'elig' is taken: instrument.yaml:49"),
    ("      - line: close", "      - line: att_2", "att_2", "the name 'att_2' is taken: instrument.yaml:96"),
    ("      - line: close", "      - line: how close", "how close", "is not a name"),
    ("          3: ends soon", "          1: ends soon", "elig", "'1' stands here twice"),
    ("  1: low", "  7: low", "", "bands have the codes 1, 2 and 3"),
    ("    if: ${affected}", "   if: ${affected}", "", "not readable as YAML"),
    # answers
    ("        display: 0 3 1", "        display: 0 3", "elig", "the order of display"),
    ("        display: 0 3 1", "        display: 0 3 1 1", "elig", "a code stands here twice"),
    ("          3: ends soon", "          3: {default: soon, exclusive: true}", "elig", "only answers of a multiple"),
    ("          3: ends soon", "          3: {default: soon, piped: soon}", "elig", "no pipe takes its text"),
    ("        blank_as: 0", "        blank_as: 7", "tst_use", "no answer with the code 7"),
    ("        ends: {0: END_NO}", "        ends: {2: END_NO}", "con_sens", "no answer with the code 2"),
    ("        ends: {0: END_NO}", "        ends: {0: END_NEVER}", "con_sens", "no end screen 'END_NEVER'"),
    ("        choices: agree", "        choices: agreement", "att", "no shared answers 'agreement'"),
    ("        anchors: {0: not at all, 10: very}", "        anchors: {0: no, 9: very}", "close", "unknown key '9'"),
    ("        anchors: {0: not at all, 10: very}", "        anchors: {0: no}", "close", "'10' is missing"),
    ("        options_from: role", "        options_from: elig", "role_main", "no multiple choice 'elig' above"),
    ("        options_from: role", "        options_from: att", "role_main", "no multiple choice 'att' above"),
    ("        without: 0", "        without: 0 8", "role_main", "'role' has no answer with the code 8"),
    ("        display: 0 3 1", "        without: 1 0", "elig", "belongs to 'options_from'"),
    # rows
    ("          att_2: I was calm.", "          att_2_r: I was calm.", "att_2_r", "reversed exactly if its name ends"),
    ("          att_2: I was calm.", "          att_2: {reverse: true, default: C.}", "att_2", "reversed exactly if"),
    # who is asked
    ("        display: 0 3 1", "        only_if: Only you.", "elig", "everybody is asked this"),
    ("        max_length: 200", "        sens: true", "tst", "sensitive already"),
    ("        from: intro", "        from: outro", "intro_again", "no text or note 'outro' above"),
    ("        hint: {from: support}", "        hint: {from: comfort}", "tst", "no text or note 'comfort' above"),
    ("        from: intro", "        role: fanfare", "intro_again", "unknown role 'fanfare'"),
    # expressions
    ("        if: ${tst} != ''", "        if: ${tst} !! ''", "tst_use", "expression: cannot read"),
    ("        if: ${tst} != ''", "        if: ${test} != ''", "tst_use", "nothing called ${test}"),
    ("        if: ${tst} != ''", "        if: ${tst_use} = 1", "tst_use", "${tst_use} comes later"),
    ("        if: ${tst} != ''", "        if: ${intro} = ''", "tst_use", "nothing called ${intro}"),
    ("        if: ${tst} != ''", "        if: ${att} = 1", "tst_use", "nothing called ${att}"),
    ("        if: ${tst} != ''", "        if: ${mdl} = 2", "tst_use", "${mdl} has no answer 2"),
    ("        if: ${tst} != ''", "        if: 2 = ${mdl}", "tst_use", "${mdl} has no answer 2"),
    ("        if: ${tst} != ''", "        if: selected(${role}, 7)", "tst_use", "${role} has no answer 7"),
    ("        if: ${tst} != ''", "        if: ${att_1} > 4", "tst_use", "${att_1} has no answer 4"),
    ("        if: ${tst} != ''", "        if: ${event_6} = 'announcd'", "tst_use", "no answer 'announcd'"),
    ("        if: ${tst} != ''", "        if: ${event_7} = 'past'", "tst_use", "nothing called ${event_7}"),
    ("            if: ${mdl} = 1", "            if: ${att_1} = 1", "role", "${att_1} comes later"),
    ("            if: ${mdl} = 1", "            if: selected(${role}, 1)", "role", "${role} comes later"),
    ("    if: ${affected}", "    if: ${soon} and ${close} = 1", "P2", "${close} comes later"),
    ("    if: ${affected}", "    if: ${role_group} = 1", "P2", "${role_group} comes later"),
    ("  affected: ${elig} = 1 or ${elig} = 3", "  affected: ${soon}", "affected", "${soon} is defined further down"),
    ("  affected: ${elig} = 1 or ${elig} = 3", "  affected: ${elig} = 2", "affected", "${elig} has no answer 2"),
    ("  current: ${elig} = 3", "  current: ${eligible} = 3", "current", "nothing called ${eligible}"),
    ("  current: ${elig} = 3", "  default: ${elig} = 3", "", "'default' cannot be the name of a wording"),
    # texts
    ("        text: Which model?", "        text: Which {modell}?", "mdl", "unknown {modell}"),
    ("        text: Which model?", "        text: Which {model}?", "mdl", "{model} is decided by 'mdl'"),
    ("        text: Which model?", "        text: Which model}?", "mdl", "a curly bracket"),
    ("        text: May we ask?", "        text: {default: A?, current: B?}", "con_sens", "'current' is decided by a"),
    ("    title: First", '    title: "{Model}"', "P1", "{Model} is decided by 'mdl'"),
    # scales and computed variables
    ("    rows: att_1 att_2 att_3_r", "    rows: att_1 att_2 att_3", "ATT", "no row 'att_3'"),
    ("    rows: att_1 att_2 att_3_r", "    rows: []", "ATT", "at least one name"),
    ("    rows: att_1 att_2 att_3_r", "    rows: att_1 att_1", "ATT", "a name stands here twice"),
    ("    minimum: 2", "    minimum: 4", "ATT", "between 1 and 3"),
    ("    range: 1 3", "    range: 1 5", "ATT", "do not run from 1 to 5"),
    ("    range: 1 3", "    range: 3 1", "ATT", "the smaller one first"),
    ("    cuts: 166 233", "    cuts: 166 300", "ATT", "inside the range"),
    ("      1: true()", "      3: true()", "role_group", "neither an answer of this variable nor a missing code"),
    ("      1: true()", "      1: ${rol} = 1", "role_group", "nothing called ${rol}"),
    ("    rule: language", "    rule: clock", "lang", "unknown rule 'clock'"),
    # ladders
    ("        ladder: role_main", "        ladder: role", "role_main", "no ladder 'role'"),
    ("        ladder: role_main", "        ladder: band3", "role_main", "leaves out 6"),
    ("        ladder: agree", "        ladder: agree_a", "att", "no ladder 'agree_a'"),
    ("      out: 2 6", "      out: 2 2 6", "ladder role_main", "a code stands here twice"),
    # the rest
    (
        "  short: con_sens mdl elig att_1 att_2",
        "  short: con_sens mdl att_4",
        "form short",
        "no question or row 'att_4'",
    ),
    ("  short: con_sens mdl elig att_1 att_2", "  short: mdl", "form short", "'con_sens' is required"),
    ("  att_2: calm, not lazy", "  att_9: calm, not lazy", "", "no text with the key 'att_9'"),
]
REFUSED_ELSEWHERE = [
    # (what stands there, what stands there instead, the line that the error names, item, message)
    ("        text: How close?", "", "line: close", "close", "'text' is missing"),
    ("        anchors: {0: not at all, 10: very}", "", "line: close", "close", "answers are missing"),
    (
        "        choices: agree",
        "        choices: agree\n        anchors: {}",
        "matrix: att",
        "att",
        "given in two ways",
    ),
    ("          3: ends soon", "          -8: ends soon", "          1: ended", "elig", "-8 is negative"),
    ("          1: a tool", "          100: a tool", "          100: a", "role", "100 has no two-digit position"),
    ("          1: a tool", "          tool: a tool", "          tool: a", "role", "tool has no two-digit position"),
    (
        "        without: 0",
        "        without: 2",
        "options_from: role",
        "role_main",
        "0 is an exclusive answer of 'role'",
    ),
    ("          6: ${mdl} = 1", "          7: ${mdl} = 1", "7: ${mdl}", "role_main", "no answer with the code 7"),
    ("        only_if: Only if you wrote something.", "", "single: tst_use", "tst_use", "'only_if' must say who is"),
    ("    only_if: Only if you said yes.", "", "    title: Third", "P3", "'only_if' must say who is"),
    ("        from: intro", "        role: intro", "note: intro_again", "intro_again", "either 'text' or 'from'"),
    ("    rule: language", "", "    label: language", "lang", "'cases' or another 'rule' is expected"),
    ("      2 6: bond", "      2 6 7: bond", "    - 1:\n      out", "ladder role_main", "do not have the same"),
    ("      2 6: bond", "      2 6 1: bond", "    - 1: tool", "ladder role_main", "1 in two groups of one level"),
    ("      out: 2 6", "      2:\n      out: 6", "    - 1:\n      2:", "ladder role_main", "2 6 stood together"),
    ("      out: 2 6", "      2 6 7:", "    - 1:\n      2 6 7", "ladder role_main", "do not have the same"),
    ("    cuts: 1 2 3", "    cuts: 1 2 4", "    cuts: 1 2 4", "ladder band3", "other codes than those of the levels"),
    ("    cuts: 1 2 3", "    cuts: 1 2", "    cuts: 1 2", "ladder band3", "other ones left out"),
    ("    cuts: 1 2 3", "    cut: 1 2 3", "    cut:", "ladder band3", "unknown key 'cut'"),
    ("items: {att: not at all}", "items: {elig: none}", "1 2: {default: not agree", "ladder agree", "does not use"),
    ("  end: Thank you.", "  ended: Thank you.", "  END_NO:", "", "'end' is missing"),
]


@pytest.mark.parametrize(("old", "new", "item", "message"), REFUSED)
def test_what_cannot_be_right_is_refused(load: Load, old: str, new: str, item: str, message: str) -> None:
    expect_refusal(load, broken(old, new), new, item, message)


@pytest.mark.parametrize(("old", "new", "at", "item", "message"), REFUSED_ELSEWHERE)
def test_the_place_of_what_is_missing_or_torn_is_named(
    load: Load, old: str, new: str, at: str, item: str, message: str
) -> None:
    expect_refusal(load, broken(old, new), at, item, message)


def expect_refusal(load: Load, source: str, at: str, item: str, message: str) -> None:
    with pytest.raises(InstrumentError) as caught:
        load(source)
    error = caught.value
    assert message in error.message
    assert (error.file, error.line, error.item) == ("instrument.yaml", line_of(source, at), item)


def line_of(source: str, part: str) -> int:
    assert source.count(part) == 1, f"{part!r} must stand there once"
    return source[: source.index(part)].count("\n") + 1


def test_several_errors_are_shown_together_in_the_order_of_the_file(load: Load) -> None:
    source = broken("        blank_as: 0", "        blank_as: 7").replace("        max_length: 200", "")
    with pytest.raises(InstrumentError) as caught:
        load(source.replace("          3: ends soon", "          3:"))
    places = [(error.item, error.message) for error in (caught.value, *caught.value.also)]
    assert places == [
        ("elig", "the text is missing"),
        ("tst", "'max_length' is missing"),
        ("tst_use", "there is no answer with the code 7"),
    ]
    assert len(str(caught.value).splitlines()) == 3


def test_a_pipe_needs_its_question(load: Load) -> None:
    source = broken("    item: mdl", "    item: mdl_2").replace("{default: a newer one, piped: that model}", "newer")
    expect_refusal(load, source, "    item: mdl_2", "pipe model", "there is no question 'mdl_2'")


def test_a_section_stands_in_one_file_only(load: Load, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("facts:\n  event_5: past\n")
    with pytest.raises(InstrumentError, match=r"more.yaml:2: the section 'facts' stands in instrument.yaml already"):
        load(SMALL)


@pytest.mark.parametrize("content", ["", "- a list\n", "\tname: small\n"])
def test_a_file_that_is_no_table_is_refused(load: Load, content: str) -> None:
    with pytest.raises(InstrumentError, match=r"^instrument.yaml:1: "):
        load(content)


def test_a_folder_without_a_questionnaire_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="no questionnaire"):
        load_instrument(tmp_path)


LINES = SMALL.splitlines()
SCRAPS = [
    "",
    "-",
    "- a",
    "a: b",
    "1",
    "-8",
    "[]",
    "{}",
    "null",
    "${elig}",
    "{model}",
    "{",
    "yes",
    "elig",
    "att_1 att_1",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(line=st.integers(0, len(LINES) - 1), scrap=st.sampled_from(SCRAPS))
def test_no_slip_of_the_pen_ends_in_anything_but_a_refusal(load: Load, line: int, scrap: str) -> None:
    """The value of any line, or the whole line, is replaced by something odd."""
    key, colon, _ = LINES[line].partition(": ")
    for slip in (f"{key}{colon}{scrap}" if colon else scrap, scrap):
        with suppress(InstrumentError):
            load("\n".join([*LINES[:line], slip, *LINES[line + 1 :]]))
