"""The questionnaire `mris` holds what its design says: names, codes, wordings, rules, ladders."""

import re
from pathlib import Path

import pytest

import survey.instruments
from survey.instrument.load import load_help_lines, load_instrument
from survey.instrument.logic import evaluate
from survey.instrument.schema import Item, Note, Text
from survey.instrument.texts import load_catalogue, template

FOLDER = Path(survey.instruments.__path__[0]) / "mris"
MRIS = load_instrument(FOLDER)
TEXTS = {text.key: text for text in MRIS.all_texts()}
ENGLISH = load_catalogue(MRIS, FOLDER, "en")

PAGES = {  # name: kind, number of options, number of rows
    "P1a": "con_age S2 con_read S2 con_store S2",
    "P1b": "con_sens S2",
    "P2": "mdl S12 elig S4 since S6 freq S6 acc M7 start S6 keep M7 src S6",
    "P3": "role M15 role_main S15 rit M8 clo X11/2 att X5/12 ins X5/3 agn S5",
    "P4": "evt M10 evt_main S8 learn S8 notice S5 bye S5 lost M12 cho X5/4",
    "P5": "act M16 mig S6 mig_same N11 arch M7",
    "P6": "wel X5/4 lon X5/3 gri X5/8 ant X5/3 imp S5 rec X5/3 cop M11",
    "P7": "tru X5/3 pol X5/8",
    "P8": "tst T0 tst_2 T0 tst_use S4 tst_tag S3 age S5 gen S3 reg S9 lang_main S2",
}
CODES = {
    "mdl": "1 2 3 4 5 6 7 8 9 10 11 90",
    "elig": "1 2 3 0",
    "since": "1 2 3 4 5 8",
    "acc": "1 2 3 4 5 6 90",
    "keep": "1 2 3 4 5 6 0",
    "role": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 90",
    "evt": "1 2 3 4 5 6 7 8 9 0",
    "evt_main": "1 3 4 5 6 7 8 9",
    "learn": "1 2 3 4 5 6 7 8",
    "notice": "0 1 2 3 8",
    "bye": "2 1 0 7 6",
    "lost": "1 2 3 4 5 6 7 8 9 10 11 0",
    "act": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 0",
    "cop": "1 2 3 4 5 6 7 8 9 10 0",
    "imp": "1 2 3 4 5",
    "tst_use": "0 1 2 3",
}


def shape(item: Item) -> str:
    return f"{item.name} {item.kind}{len(item.options)}" + (f"/{len(item.rows)}" if item.rows else "")


def test_every_page_has_its_questions_in_their_order() -> None:
    assert {page.name: " ".join(map(shape, page.items)) for page in MRIS.pages} == PAGES


@pytest.mark.parametrize(("item", "codes"), CODES.items())
def test_codes(item: str, codes: str) -> None:
    assert " ".join(str(option.code) for option in MRIS.item(item).options) == codes


def test_only_consent_is_required() -> None:
    required = [item.name for item in MRIS.items if item.required]
    assert required == ["con_age", "con_read", "con_store", "con_sens"]


def test_what_is_sensitive() -> None:
    options = {item.name: [option.code for option in item.options if option.sens] for item in MRIS.items}
    assert {name: codes for name, codes in options.items() if codes} == {
        "role": [9, 10, 11, 12, 13],
        "role_main": [9, 10, 11, 12, 13],
        "lost": [6],
        "act": [3, 4, 5, 9, 13],
    }
    assert [item.name for item in MRIS.items if item.sens] == ["role_main", "rit"]
    assert [page.name for page in MRIS.pages if page.sens] == ["P6"]


def test_exclusive_answers_stand_last() -> None:
    exclusive = {item.name: [option.code for option in item.options if option.exclusive] for item in MRIS.items}
    assert {name: codes for name, codes in exclusive.items() if codes} == {
        **{name: [0] for name in ("keep", "rit", "evt", "lost", "act", "arch")},
        "cop": [10, 0],
    }
    for item in MRIS.items:
        flags = [option.exclusive for option in item.shown_options]
        assert flags == sorted(flags), item.name


def test_consent_that_is_not_given_ends_the_form() -> None:
    ends = {item.name: item.ends for item in MRIS.items if item.ends}
    assert ends == {"con_age": ((0, "END_MINOR"),), "con_read": ((0, "END_NO"),), "con_store": ((0, "END_NO"),)}


def test_where_people_went_has_an_order_of_its_own() -> None:
    assert MRIS.item("mig").display == (1, 2, 4, 5, 3, 6)


def test_notes_that_stand_again_share_their_text() -> None:
    notes = [
        (page.name, note.name, note.text.key) for page in MRIS.pages for note in page.elements if isinstance(note, Note)
    ]
    assert [(page, key) for page, _, key in notes] == [
        ("P1a", "information"),
        ("P2", "p2_note"),
        ("P3", "p3_intro"),
        ("P3", "p3_intro"),
        ("P4", "p4_ref"),
        ("P5", "p4_ref"),
        ("P6", "p6_intro"),
        ("P6", "support"),
        ("P6", "p4_ref"),
        ("P6", "support"),
        ("P8", "tst_use_below"),
    ]
    assert len({name for _, name, _ in notes}) == len(notes)


def test_the_support_box_stands_below_an_announced_event() -> None:
    below = {option.code: option.below for option in MRIS.item("evt").options if option.below}
    assert list(below) == [6]
    note = below[6]
    assert (note.text.key, note.role) == ("support", "support")
    assert note.relevant
    assert evaluate(note.relevant, {"event_6": "announced"})
    assert not evaluate(note.relevant, {"event_6": "past"})


# scales and ladders

AGREEMENT, FREQUENCY = ((1, 5), (266, 366)), ((0, 4), (132, 265))
SCALES = {
    "ATT": (12, 8, AGREEMENT),
    "ATT_S": (3, 2, AGREEMENT),
    "ATT_B": (3, 2, AGREEMENT),
    "ATT_D": (3, 2, AGREEMENT),
    "ATT_U": (3, 2, AGREEMENT),
    "INS": (3, 2, AGREEMENT),
    "CHO": (4, 3, AGREEMENT),
    "GRI": (8, 6, FREQUENCY),
    "ANT": (3, 2, AGREEMENT),
    "WEL": (4, 3, FREQUENCY),
    "LON": (3, 2, FREQUENCY),
    "REC": (3, 2, AGREEMENT),
    "TRU": (3, 2, AGREEMENT),
}


def test_scales() -> None:
    found = {
        scale.name: (len(scale.rows), scale.minimum, ((scale.low, scale.high), scale.cuts)) for scale in MRIS.scales
    }
    assert found == SCALES
    bands = {derived.scale: derived.name for derived in MRIS.derived if derived.rule == "band"}
    assert bands == {name: f"{name.lower()}_band" for name in SCALES}


def test_a_scale_takes_whole_matrices() -> None:
    for item in MRIS.items:
        rows = {row.name for row in item.rows}
        in_scales = {row for scale in MRIS.scales for row in scale.rows if row in rows}
        assert in_scales in (set(), rows)
    assert {item.name for item in MRIS.items if item.rows} - {"clo", "pol"} == {
        scale.name.lower() for scale in MRIS.scales if "_" not in scale.name
    }


def test_ladders_of_each_kind_of_question() -> None:
    for item in MRIS.items:
        if item.kind == "M":
            assert item.ladder == "tick"
        if item.kind == "X":
            expected = {11: "line11", 5: "often5" if item.options[0].code == 0 else "agree5"}
            assert item.ladder == expected[len(item.options)]
    untabulated = [item.name for item in MRIS.items if item.ladder is None]
    assert untabulated == ["con_age", "con_read", "con_store", "tst", "tst_2", "tst_tag"]
    assert all(derived.ladder for derived in MRIS.derived)
    assert [name for name, ladder in MRIS.ladders.items() if not ladder.levels] == ["tick", "binary"]


@pytest.mark.parametrize("name", ["since", "learn", "notice"])
def test_do_not_remember_never_merges(name: str) -> None:
    for level in MRIS.ladders[name].levels:
        assert [group for group in level.groups if 8 in group.codes and len(group.codes) > 1] == []


def test_other_joins_only_a_group_called_other() -> None:
    joined = [
        dict(group.labels)[""].source
        for ladder in MRIS.ladders.values()
        for level in ladder.levels
        for group in level.groups
        if 90 in group.codes
    ]
    assert joined
    assert [name for name in joined if "other" not in name] == []


def test_every_merged_group_has_a_name() -> None:
    for ladder in MRIS.ladders.values():
        for level in ladder.levels:
            assert [group.codes for group in level.groups if len(group.codes) > 1 and not group.labels] == []


# forms and texts


def test_shorter_forms() -> None:
    assert len(MRIS.forms["short"]) == 4 + 23
    assert len(MRIS.forms["follow_up"]) == 4 + 28
    rows = {row for row in MRIS.forms["follow_up"] if row.startswith("att_")}
    assert rows == {row for scale in MRIS.scales if scale.name in ("ATT_D", "ATT_U") for row in scale.rows}


def test_a_pipe_at_the_beginning_of_a_sentence_has_a_capital() -> None:
    assert [text.key for text in TEXTS.values() if re.search(r"(^|[.?!] )\{(model|event)\}", text.source)] == []


def test_the_piped_labels_of_the_models() -> None:
    piped = {option.code: option.piped.source for option in MRIS.item("mdl").options if option.piped}
    assert piped == {
        1: "GPT-4o",
        2: "GPT-4.5",
        3: "GPT-4.1",
        **dict.fromkeys((4, 5, 6, 7, 11, 90), "that model"),
        8: "Replika",
        **dict.fromkeys((9, 10), "that companion"),
    }


def test_every_text_can_be_filled() -> None:
    fills = {name: name for name in ("model", "Model", "event", "Event", *fill_ins())}
    assert all("{" not in ENGLISH.render(text, fills) for text in TEXTS.values())


def fill_ins() -> set[str]:
    """Those that the information text, the consent, the support box and the end pages need."""
    shown = [TEXTS[key] for key in ("information", "con_store", "support", "end")]
    return {name for text in shown for name in re.findall(r"\{(\w+)\}", text.source)}


def test_a_translator_gets_every_text_once() -> None:
    entries = template(MRIS, "zh-Hans")
    assert [entry.msgctxt for entry in entries] == list(TEXTS)
    assert {entry.msgctxt for entry in entries if entry.comment} == set(MRIS.remarks)


def test_help_lines_are_at_hand_in_the_languages_that_exist() -> None:
    lines = load_help_lines(FOLDER)
    languages = {"en", *(path.stem for path in (FOLDER / "locale").glob("*.po"))}
    assert languages <= lines.keys()
    assert all(any(not line.countries for line in lines[language]) for language in languages)


def test_nothing_names_a_wording_that_no_text_has() -> None:
    def names(text: Text) -> set[str]:
        return {name for name, _ in text.wordings}

    assert set().union(*map(names, TEXTS.values())) == MRIS.wordings.keys()
