"""The page script thinks what the server thinks: the same expressions, the same walk, the same texts, the same codes.

Its pure parts run in a browser, taken from the source as it stands in every document.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from survey import receipts, stamp
from survey.instrument.logic import evaluate, parse, to_json
from survey.instrument.schema import Instrument, Item, Note, Text
from survey.instrument.texts import PLACEHOLDER
from survey.instrument.validate import Facts, Shown, relevance, validate
from survey.instrument.validate.reading import clean
from survey.pages import script
from survey.pages.build import Setting, build_form
from survey.pages.conditions import Conditions
from survey.pages.languages import language
from survey.queries import catalogue, load
from tests.flow.script import Desk, at_desk
from tests.unit.survey.instrument.small import SMALL
from tests.unit.survey.instrument.test_logic import ANSWERS, TABLE, VALUES, answers, exactly, trees
from tests.unit.survey.pages.test_conditions import boxes, random_fields

UPCOMING = parse("selected(${role}, 3) or ${refused}")
PARTS = "{ compile, compileValues, prepare, walk, answersToSend, lostItems, makeCode, isCode, findStamp, clean }"
REVIVE = "const revive = (given) => new Map(given.map(([name, a]) => [name, Array.isArray(a) ? new Set(a) : a]));"

type Run = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page of an address that browsers trust: hashing is offered only there."""
    with at_desk(browser, Desk(), "/blank/") as page:
        yield page


@pytest.fixture(scope="module")
def run(blank: Page) -> Run:
    """Calls a function of JavaScript that may use the parts of the script as `parts`."""
    source = script.source().rpartition("start();")[0]

    def call(body: str, given: object) -> Any:
        code = f"([source, given]) => {{ const parts = Function(source)(); {REVIVE} return ({body})(given); }}"
        return blank.evaluate(code, [f"{source}\nreturn {PARTS};", given])

    return call


EVALUATE = """({ values, cases }) => cases.map(([tree, answers]) =>
    parts.compile(tree, parts.compileValues(values))(revive(answers)))"""


def sent_over(given_answers: dict[str, Any]) -> list[list[Any]]:
    return [[name, sorted(a) if isinstance(a, frozenset) else a] for name, a in given_answers.items()]


def test_both_languages_hold_to_the_table(run: Run) -> None:
    values = {name: to_json(node) for name, node in VALUES.items()}
    cases = [[to_json(parse(vector["expression"])), sent_over(ANSWERS)] for vector in TABLE["vectors"]]
    worth = run(EVALUATE, {"values": values, "cases": cases})
    for vector, value in zip(TABLE["vectors"], worth, strict=True):
        assert exactly(value) == exactly(vector["expected"]), vector["expression"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.tuples(trees, answers), min_size=10, max_size=40))
def test_random_trees_have_the_same_value_for_random_answers(run: Run, cases: list[tuple[Any, Any]]) -> None:
    told = [[to_json(tree), sent_over(given_answers)] for tree, given_answers in cases]
    worth = run(EVALUATE, {"values": {"upcoming": to_json(UPCOMING)}, "cases": told})
    for (tree, given_answers), value in zip(cases, worth, strict=True):
        assert exactly(value) == exactly(evaluate(tree, given_answers, {"upcoming": UPCOMING})), (tree, given_answers)


WALK = """({ known, forms }) => {
    const data = parts.prepare(JSON.parse(known));
    return forms.map((form) => {
        const fields = new Map(Object.entries(form)), state = parts.walk(data, fields);
        const answers = [...state.answers].map(([name, a]) => [name, a instanceof Set ? [...a] : a]);
        return {
            answers: Object.fromEntries(answers), end: state.end, given: Object.fromEntries(state.given),
            asked: Object.fromEntries([...state.asked].map(([name, codes]) => [name, [...codes]])),
            sent: parts.answersToSend(data, fields, state),
            lost: parts.lostItems(data, fields, state).map((item) => item.name),
        };
    });
}"""


def walked(run: Run, instrument: Instrument, form: str, forms: list[Any], event: str = "announced") -> list[Any]:
    facts = {"event_6": event, "lang": "en"}
    known = script.knowledge(instrument, Conditions(instrument, facts, form), facts, language("en"))
    return list(run(WALK, {"known": known, "forms": forms}))


def small_forms() -> list[dict[str, list[str]]]:
    consent = {"con_age": ["1"], "con_sens": ["1"]}
    return [
        consent,
        {},
        {"con_age": ["0"]},
        {**consent, "role": ["1", "0"]},
        {**consent, "role": ["1", "10"], "best": ["10"]},
        {**consent, "con_sens": ["0"], "role": ["1", "10"], "best": ["10"]},
        {**consent, "role": ["-8"]},
        {**consent, "role": ["-8", "1"]},
        {**consent, "role": ["2"], "elig": ["1"], "line": ["10"], "tst": [" \ufeff a\r\nb\t\x00 "], "tst_use": ["2"]},
        {**consent, "role": ["77"], "elig": ["1", "2"], "tst": ["a", "b"], "tst_use": ["3"], "tst_tag": ["3"]},
        {**consent, "elig": ["2"], "att_a": ["9"], "att_b": ["3"], "cop": ["1", ""], "tst": ["\u0301 e\u0301"]},
        {**consent, "role": ["1"], "tst": ["x"], "tst_use": ["3"], "tst_tag": ["3"], "elig": ["0"]},
    ]


@pytest.mark.parametrize("form", ["", "short"])
@pytest.mark.parametrize("event", ["announced", "past"])
def test_a_small_form_is_walked_alike(run: Run, form: str, event: str) -> None:
    forms = small_forms()
    for fields, seen in zip(forms, walked(run, SMALL, form, forms, event), strict=True):
        facts = Facts(language="en", events={6: event}, form=form)  # type: ignore[dict-item]
        same_walk(relevance(SMALL, fields, facts), validate(SMALL, fields, facts).end, seen)


@pytest.mark.parametrize("form", ["", "short", "follow_up"])
def test_random_answers_to_the_real_form_are_walked_and_sent_alike(run: Run, form: str) -> None:
    mris = load("mris")
    facts = Facts(language="en", events={6: "announced"}, form=form)
    names = build_form(Setting(mris, catalogue("mris", "en"), {"event_6": "announced"}, {}, form)).field_names
    forms = [only(names, random_fields(mris, seed)) for seed in range(150)]
    stale = 0
    for fields, seen in zip(forms, walked(run, mris, form, forms), strict=True):
        same_walk(relevance(mris, fields, facts), None, seen)
        whole, sent = validate(mris, fields, facts), validate(mris, grouped(seen["sent"]), facts)
        assert whole.submission
        assert sent == whole
        stale += len(seen["lost"])
        assert set(seen["lost"]) == lost(mris, fields, relevance(mris, fields, facts))
    assert stale > 200


def only(names: frozenset[str], fields: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in fields.items() if name in names}


def same_walk(shown: Shown, end: str | None, seen: dict[str, Any]) -> None:
    assert seen["end"] == (end or "")
    if end:
        return
    assert {name: frozenset(codes) for name, codes in seen["asked"].items()} == dict(shown.offered)
    assert seen["given"] == dict(shown.given_by_rule)
    for name, answer in seen["answers"].items():
        known = shown.answers.get(name, -7)
        assert (frozenset(answer) if isinstance(answer, list) else answer) == known, name


def grouped(pairs: list[list[str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def lost(instrument: Instrument, fields: dict[str, list[str]], shown: Shown) -> set[str]:
    """Questions with an answer that the server would drop."""
    return {
        item.name
        for item in instrument.items
        for name in [row.name for row in item.rows] or [item.name]
        if not set(fields.get(name, [])) - {"", str(shown.given_by_rule.get(name))} <= kept(item, shown)
        and not (item.kind == "T" and item.name in shown.offered)
    }


def kept(item: Item, shown: Shown) -> set[str]:
    return {"-8", *map(str, shown.offered[item.name])} if item.name in shown.offered else set()


SEEN = """([ids, pages]) => {
    const form = document.getElementById('form');
    for (const control of form.elements) {
        if (control.type === 'textarea') control.value = ids.includes(control.id) ? 'words' : '';
        else if (control.type === 'radio' || control.type === 'checkbox') control.checked = ids.includes(control.id);
    }
    form.querySelector('textarea').dispatchEvent(new Event('input', { bubbles: true }));
    const words = (node) => [...node.childNodes].map((one) =>
        one.nodeType === 3 ? one.data : one.hidden ? '' : words(one)).join('').replace(/\\s+/g, ' ').trim();
    const shown = (selector) => [...form.querySelectorAll(selector)].filter(
        (one) => pages.includes(one.closest('section').id)
            && !one.closest('.q[hidden], label[hidden], .below[hidden]'));
    return {
        questions: shown('.q').map((q) => [q.id.slice(2), words(q.querySelector('.ask'))]),
        rows: shown('.row > legend').map(words),
        options: shown('.options label').map((label) => [label.firstElementChild.id, words(label.children[1])]),
        below: shown('.below').map((one) => one.dataset.note),
        notes: shown('[data-note]:not([hidden], .below)').map((one) => one.dataset.note),
        headers: shown('.header:not([hidden])').map(words),
    };
}"""


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_the_page_shows_and_words_what_the_server_would(browser: Browser, tag: str) -> None:
    mris = load("mris")
    with at_desk(browser, Desk(), f"/{tag.lower()}/s/mris/") as page:
        for seed in range(30):
            fields = random_fields(mris, seed)
            shown = relevance(mris, fields, Facts(language=tag, events={6: "announced"}))
            assert page.evaluate(SEEN, [list(boxes(fields)), list(shown.pages)]) == Expected(mris, shown, tag).all(), (
                seed
            )


class Expected:
    """What the server would print, in the order of the form. Lines from 0 to 10 have no words between their ends."""

    def __init__(self, mris: Instrument, shown: Shown, tag: str) -> None:
        self.mris = mris
        self.shown = shown
        self.catalogue = catalogue("mris", tag)
        self.asked = [item for item in mris.items if shown.asks(item.name)]

    def all(self) -> dict[str, Any]:
        return {
            "questions": [[item.name, self.say(item.text)] for item in self.asked],
            "rows": [self.say(row.label) for item in self.asked for row in item.rows],
            "options": [pair for item in self.asked if item.kind in "SM" for pair in self.options(item)],
            "below": ["support_evt_6"] * len(self.shown.below),
            "notes": [note.name for note in self.notes() if note.relevant],
            "headers": [self.say(note.text) for note in self.notes() if note.role == "header"],
        }

    def say(self, text: Text) -> str:
        raw = self.catalogue.text(self.shown.text(text))
        pipes = self.shown.pipes
        told = PLACEHOLDER.sub(lambda at: self.say(pipes[at[1]]) if at[1] in pipes else f"[{at[1]}]", raw)
        return " ".join(told.split())

    def options(self, item: Item) -> Iterator[list[str]]:
        for option in item.shown_options:
            if option.code in self.shown.offered[item.name]:
                yield [f"{item.name}-{option.code}", self.say(option.label)]
        if not item.required:
            yield [f"{item.name}-no", self.say(self.mris.texts["prefer_not_to_say"])]

    def notes(self) -> Iterator[Note]:
        for page in self.mris.pages:
            for place, element in enumerate(page.elements):
                if isinstance(element, Note) and (page.name, place) in self.shown.notes:
                    yield element


def test_codes_of_the_page_are_codes_of_the_server_and_the_other_way_round(run: Run) -> None:
    made = run("() => Array.from({ length: 200 }, () => parts.makeCode())", None)
    assert all(receipts.is_valid(code) and receipts.normalise(code) == code for code in made)
    assert len(set(made)) == 200
    theirs = [receipts.normalise(receipts.make()) for _ in range(50)]
    assert run("(codes) => codes.every(parts.isCode)", theirs)
    spoilt = [code[:3] + ("0" if code[3] != "0" else "1") + code[4:] for code in theirs] + ["", "A" * 24, "U" * 25]
    assert not run("(codes) => codes.some(parts.isCode)", spoilt)


def test_every_sign_of_a_code_comes_up(run: Run) -> None:
    signs = set("".join(run("() => Array.from({ length: 100 }, () => parts.makeCode())", None)))
    assert signs == set(receipts.ALPHABET)


def test_the_stamp_found_in_the_page_is_the_smallest_that_the_server_takes(run: Run) -> None:
    code = receipts.normalise(receipts.make())
    found = run("(code) => parts.findStamp('7', code, 9, 0, () => 2)", code)
    assert str(found) == stamp.find(7, code, 9)
    harder = run("([code, from]) => parts.findStamp('7', code, 11, from, () => 1)", [code, found + 1])
    assert harder > found
    assert stamp.is_valid(7, code, str(harder), 11)
    assert run("(code) => parts.findStamp('7', code, 60, 0, () => 0)", code) is None


@pytest.mark.parametrize(
    "text", ["", " a\r\nb\rc\u2028d ", "\ufeff x \u00a0", "e\u0301\u0301", "a\x00\tb\x85c", "\u3000　あ"]
)
def test_a_text_is_cleaned_as_the_server_cleans_it(run: Run, text: str) -> None:
    assert run("(text) => parts.clean(text)", text) == clean(text, 2000)
