"""Translations: what a language has, how far it is reviewed, and what cannot stand in its file."""

from pathlib import Path

import polib
import pytest

from survey.instrument.schema import Instrument, Item, Option, Page, Text
from survey.instrument.texts import Catalogue, CatalogueError, MissingTranslation, load_catalogue, refresh, template

HELLO = Text("hello", "How was {model}?", (("current", Text("hello@current", "How is {model}?")),))
PLAIN = Text("hello.1", "good")
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'


def instrument(hello: Text = HELLO, remarks: dict[str, str] | None = None) -> Instrument:
    item = Item("hello", "S", hello, options=(Option(1, PLAIN),))
    return Instrument(
        name="small",
        version="1",
        title=Text("title", "Small"),
        pages=(Page("P1", Text("P1.title", "First"), (item,)),),
        ends={},
        texts={},
        pipes=(),
        wordings={},
        values={},
        scales=(),
        derived=(),
        ladders={},
        remarks=remarks or {},
    )


def entry(key: str, source: str, translation: str, comment: str = "") -> str:
    remark = f"# {comment}\n" if comment else ""
    return f'\n{remark}msgctxt "{key}"\nmsgid "{source}"\nmsgstr "{translation}"\n'


def catalogue(folder: Path, *entries: str, hello: Text = HELLO) -> Catalogue:
    (folder / "locale").mkdir(exist_ok=True)
    (folder / "locale" / "zh-Hans.po").write_text(HEADER + "".join(entries), encoding="utf-8")
    return load_catalogue(instrument(hello), folder, "zh-Hans")


def test_the_source_language_needs_no_file(tmp_path: Path) -> None:
    english = load_catalogue(instrument(), tmp_path, "en")
    assert english.text(HELLO) == "How was {model}?"
    assert english.status("hello") == "reviewed"
    assert not english.missing


def test_a_translation_is_found_by_its_key(tmp_path: Path) -> None:
    chinese = catalogue(tmp_path, entry("hello.1", "good", "好"))
    assert chinese.text(PLAIN) == "好"


def test_no_other_language_steps_in_for_what_is_missing(tmp_path: Path) -> None:
    chinese = catalogue(tmp_path, entry("hello.1", "good", ""))
    for text in (PLAIN, HELLO):
        with pytest.raises(MissingTranslation, match=text.key):
            chinese.text(text)


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        ("", "missing"),
        (entry("hello.1", "good", ""), "missing"),
        (entry("hello.1", "good", "好"), "draft"),
        (entry("hello.1", "good", "好", "status: draft"), "draft"),
        (entry("hello.1", "good", "好", "status: reviewed by Mei Tanaka; Li Wen"), "reviewed"),
        (entry("hello.1", "fine", "好", "status: reviewed by Mei Tanaka; Li Wen"), "outdated"),
        (entry("hello.1", "good", "好", "status: reviewed by Mei Tanaka; Li Wen\n#, fuzzy"), "outdated"),
    ],
)
def test_the_status_of_a_text(tmp_path: Path, entries: str, status: str) -> None:
    assert catalogue(tmp_path, entries).status("hello.1") == status


def test_what_is_still_to_do_is_listed_in_the_order_of_the_form(tmp_path: Path) -> None:
    chinese = catalogue(
        tmp_path,
        entry("hello.1", "fine", "好"),
        entry("P1.title", "First", "一"),
    )
    assert chinese.missing == ("title", "hello", "hello@current")
    assert chinese.outdated == ("hello.1",)
    assert chinese.drafts == ("P1.title",)


@pytest.mark.parametrize(
    ("entries", "line", "key", "fault"),
    [
        (entry("hello", "How was {model}?", "怎么样？"), 4, "hello", "has the placeholders none where the source has"),
        (entry("hello", "How was {model}?", "{Model}怎么样？"), 4, "hello", "has the placeholders {Model} where"),
        (entry("hello", "How was {model}?", "{model怎么样？"), 4, "hello", "a curly bracket"),
        (entry("hello.1", "good", "好{model}"), 4, "hello.1", "has the placeholders {model} where the source has none"),
        (entry("hallo", "good", "好"), 4, "hallo", "no text with this key"),
        (entry("hello.1", "good", "好", "status: reviewed by Mei Tanaka"), 4, "hello.1", "two different people"),
        (entry("hello.1", "good", "好", "status: reviewed by Mei; Mei"), 4, "hello.1", "two different people"),
        (entry("hello.1", "good", "好", "status: done"), 4, "hello.1", "unknown status 'done'"),
        (entry("hello.1", "good", "好") * 2, 8, "hello.1", "stands here twice"),
    ],
)
def test_a_broken_entry_is_refused(tmp_path: Path, entries: str, line: int, key: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=r"zh-Hans.po:\d+: ") as caught:
        catalogue(tmp_path, entries)
    ((found_line, found_key, found_fault),) = caught.value.faults
    assert fault in found_fault
    assert (found_line, found_key) == (line, key)


def test_an_outdated_translation_is_held_to_the_source_it_was_made_from(tmp_path: Path) -> None:
    chinese = catalogue(tmp_path, entry("hello", "How was it?", "怎么样？"))
    assert chinese.status("hello") == "outdated"


def test_every_fault_of_a_file_is_shown(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        catalogue(tmp_path, entry("a", "b", "c"), entry("hello.1", "good", "}"))
    assert [key for _, key, _ in caught.value.faults] == ["a", "hello.1"]


@pytest.mark.parametrize("content", [None, 'msgid "a"\nnonsense\n'])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "locale").mkdir()
        (tmp_path / "locale" / "zh-Hans.po").write_text(content)
    with pytest.raises(CatalogueError, match="not readable"):
        load_catalogue(instrument(), tmp_path, "zh-Hans")


def test_pipes_are_filled_also_inside_pipes() -> None:
    english = Catalogue("en", (), {}, {})
    event = Text("p4_ref", "Please think of: {event}.")
    pipes = {"event": "the removal of {model}", "model": "GPT-4o"}
    assert english.render(event, pipes) == "Please think of: the removal of GPT-4o."


def test_what_an_operator_writes_in_brackets_stays_as_it_is() -> None:
    english = Catalogue("en", (), {}, {})
    assert english.render(Text("x", "By {institution}"), {"institution": "{Lab} {n}"}) == "By {Lab} {n}"


def test_a_pipe_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="model"):
        Catalogue("en", (), {}, {}).render(HELLO, {})


def test_a_template_holds_every_text_with_its_remark(tmp_path: Path) -> None:
    made = template(instrument(remarks={"hello": "How = in which state"}), "zh-Hans")
    assert [(one.msgctxt, one.msgid, one.msgstr) for one in made] == [
        ("title", "Small", ""),
        ("P1.title", "First", ""),
        ("hello", "How was {model}?", ""),
        ("hello@current", "How is {model}?", ""),
        ("hello.1", "good", ""),
    ]
    assert made[2].comment == "How = in which state"
    (tmp_path / "locale").mkdir()
    made.save(str(tmp_path / "locale" / "zh-Hans.po"))
    assert len(load_catalogue(instrument(), tmp_path, "zh-Hans").missing) == 5


def test_refreshing_keeps_translations_and_marks_what_changed(tmp_path: Path) -> None:
    old = polib.pofile(
        HEADER
        + entry("hello", "How was it?", "怎么样？", "status: reviewed by Mei Tanaka; Li Wen")
        + entry("hello.1", "good", "好", "status: reviewed by Mei Tanaka; Li Wen")
        + entry("gone", "gone", "没了")
    )
    fresh = refresh(instrument(Text("hello", "How did it go?")), old)
    assert [(one.msgctxt, one.msgid, one.msgstr, one.flags) for one in fresh] == [
        ("title", "Small", "", []),
        ("P1.title", "First", "", []),
        ("hello", "How did it go?", "怎么样？", ["fuzzy"]),
        ("hello.1", "good", "好", []),
    ]
    assert fresh[2].previous_msgid == "How was it?"
    assert fresh[3].tcomment == "status: reviewed by Mei Tanaka; Li Wen"


def test_refreshing_twice_changes_nothing_more(tmp_path: Path) -> None:
    once = refresh(instrument(), template(instrument(), "zh-Hans"))
    assert str(refresh(instrument(), once)) == str(once)
