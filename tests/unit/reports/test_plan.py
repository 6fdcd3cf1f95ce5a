from datetime import date
from itertools import product
from pathlib import Path

import pytest

from reports.plan import PlanError, load_plan
from reports.tabulate import workload
from survey.queries import codebook
from tests.unit.reports.small import BOOK, PLAN, lines, names

CROSSTABS = """\
    tables: role att
    crosstabs:
      - {rows: att, columns: age gen, headline: true}
      - {rows: role_01, columns: [lang], added: 2027-01-10}
"""


@pytest.fixture
def load(tmp_path):
    def load_source(source):
        path = tmp_path / "small.yaml"
        path.write_text(source, encoding="utf-8")
        return load_plan(path, BOOK)

    return load_source


def test_a_plan_names_its_tables_by_section_and_variable(load):
    plan = load(PLAN)
    first, second = ["age", "gen", "lang", "con_sens"], ["role_01", "role_02", "role_03", "att_1", "att_2_r"]
    assert names(plan.tables) == [*(f"t1_{name}" for name in first), *(f"t2_{name}" for name in second)]
    assert (plan.name, plan.version, plan.planned_on) == ("small", "1", date(2026, 11, 23))
    assert [section.id for section in plan.sections] == ["T1", "T2"]
    assert plan.sections[0].title == {"en": "Who answered", "zh-Hans": "谁"}


def test_crosstabs_are_every_row_by_every_column(load):
    plan = load(lines(("    tables: role att\n", CROSSTABS)))
    crossed = [table for table in plan.tables if table.crossed]
    pairs = [*product(("att_1", "att_2_r"), ("age", "gen")), ("role_01", "lang")]
    assert [table.variables for table in crossed] == pairs
    assert [table.headline for table in crossed] == [True] * 4 + [False]
    assert crossed[-1].added_on == date(2027, 1, 10)
    assert crossed[0].id == "t2_att_1_by_age"


def test_the_workload_counts_each_variable_and_each_pair_once(load):
    work = workload(load(lines(("    tables: role att\n", CROSSTABS))), BOOK)
    assert len({column.name for column in work.columns}) == len(work.columns) == 9
    assert len(work.pairs) == 5
    assert work.width == BOOK.width


def test_a_table_that_was_added_later_says_when(load):
    plan = load(lines(("role att", "[{of: role, added: 2027-02-01}, att]")))
    assert [table.added_on for table in plan.tables if table.section == "T2"] == [date(2027, 2, 1)] * 3 + [None] * 2


def test_structural_zeros_are_codes_of_a_variable(load):
    plan = load(lines(("open_link: false", "structural_zeros: {lang: ja zh-Hans}")))
    assert plan.structural_zeros == {"lang": frozenset({"ja", "zh-Hans"})}


def test_a_link_is_open_unless_the_plan_says_otherwise(load):
    assert load(lines(("open_link: false\n", ""))).open_link
    assert not load(PLAN).open_link


def test_a_plan_may_say_what_its_numbers_cannot(load):
    plan = load(lines(("open_link: false", "limits: {en: A pilot., zh-Hans: 试用。}")))
    assert plan.limits == {"en": "A pilot.", "zh-Hans": "试用。"}


def test_the_summary_names_tables_of_the_plan(load):
    assert load(lines(("open_link: false", "summary: age role"))).summary == ("age", "role_01", "role_02", "role_03")
    with pytest.raises(PlanError, match="in no table of this plan"):
        load(lines(("open_link: false", "summary: age"), ("[age, gen, lang, con_sens]", "[gen, lang, con_sens]")))


def test_the_digest_is_of_the_content_and_not_of_the_layout(load):
    same = load("# a comment\n" + lines(("{en: A small plan}", "\n  en: A small plan")))
    other = load(lines(("[age, gen, lang, con_sens]", "[gen, age, lang, con_sens]")))
    assert same.digest == load(PLAN).digest != other.digest
    assert len(same.digest) == 64


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("role att", "role attt", 13, "has no 'attt'"),
        ("role att", "role note_of", 13, "'note_of' is in no table"),
        ("role att", "role role_01", 13, "role_01 is already table t2_role_01"),
        ("role att", "role age", 13, "age is already table t1_age"),
        ("    tables: role att\n", "", 11, "T2 has no table and no note"),
        ("    tables: role att\n", "    crosstabs: [{rows: att_1, columns: att_1}]\n", 13, "crossed with itself"),
        ("    tables: role att\n", "    tables: role\n    crosstabs: [{rows: x, columns: age}]\n", 14, "has no 'x'"),
        ("    tables: role att\n", "    crosstabs: [{rows: att_1 age, columns: age}]\n", 13, "age is crossed"),
        ("    tables: role att\n", "    crosstabs: [{rows: att_1 att_1, columns: age}]\n", 13, "is already table"),
        ("    tables: role att\n", "    crosstabs: [{rows: age, by: gen}]\n", 13, "unknown key 'by'"),
        ("open_link: false", "open_link: maybe", 6, "true or false"),
        ("version: \"1\"\n", "", 1, "'version' is missing"),
        ("planned: 2026-11-23", "planned: soon", 5, "a date like"),
        ("instrument: small", "instrument: large", 3, "of 'small', not of 'large'"),
        ("{en: What they said}", "{zh-Hans: 说}", 12, "the text in 'en' is missing"),
        ("open_link: false", "structural_zeros: {lang: fr}\nopen_link: false", 6, "lang has no code fr"),
        ("version: \"1\"", "version: \"1\"\nfilter: age = 1", 3, "unknown key 'filter'"),
        ("    tables: role att\n", "    tables: role\n    waves: att\n", 14, "'att' is compared with other waves"),
        ("version: \"1\"", "version: [", 4, "not readable as YAML"),
    ],
)  # fmt: skip
def test_every_mistake_is_refused_with_file_and_line(load, old, new, line, message):
    with pytest.raises(PlanError, match=message) as refusal:
        load(lines((old, new)))
    assert (refusal.value.file, refusal.value.line) == ("small.yaml", line)
    assert str(refusal.value).startswith(f"small.yaml:{line}: ")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    moments:\n      - {of: ATT ATT_S", "    moments:\n      - {of: ATT_S", "ATT has no moments by lang"),
        ("    scales: ATT ATT_S", "    scales: ATT", "ATT_S has no mean of everybody"),
        ("{of: ATT_S ATT_B ATT_D", "{of: ATT_B ATT_D", "ATT_S has no mean of everybody and by lang"),
        ("LON REC TRU, by: lang}\n    context", "LON REC TRU, by: evt}\n    context", "'evt' has no table of its own"),
        ("{of: ATT INS CHO", "{headline: true, of: ATT INS CHO", "unknown key 'headline'"),
    ],
)
def test_a_mistake_in_moments_and_functioning_is_refused_with_its_line(tmp_path, old, new, complaint):
    source = Path("reports/plans/mris.yaml").read_text(encoding="utf-8")
    assert old in source
    path = tmp_path / "mris.yaml"
    path.write_text(source.replace(old, new), encoding="utf-8")
    with pytest.raises(PlanError, match=complaint) as refused:
        load_plan(path, codebook("mris"))
    assert refused.value.line > 10


def test_language_by_region_is_never_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.plan.NEVER_CROSSED", (frozenset({"lang", "age"}),))
    path = tmp_path / "plan.yaml"
    path.write_text(lines(("    tables: role att\n", "    crosstabs: [{rows: age, columns: lang}]\n")))
    with pytest.raises(PlanError, match="it points at people"):
        load_plan(path, BOOK)


def test_scales_means_measures_and_context_are_read(make_plan):
    """In the packaged plan: the small instrument has no scales."""
    book = codebook("mris")
    plan = load_plan(Path("reports/plans/mris.yaml"), book)
    assert {spec.scale for spec in plan.scales if spec.by is None} == set(book.scales)
    assert ("t6_att_by_lang", "ATT", "lang", True) in [(one.id, one.scale, one.by, one.headline) for one in plan.scales]
    assert {one.measure for one in plan.measures} == {"trend", "odds"}
    assert {(one.scale, one.by) for one in plan.functioning} < {(one.scale, one.by) for one in plan.moments}
    assert {one.scale for one in plan.moments} == set(book.scales)
    assert [(one.outcome, one.predictors) for one in plan.regressions] == [("act_coll", ("att_band", "cho_band"))]
    assert all((row, one.over) in {spec.variables for spec in plan.tables} for one in plan.measures for row in one.rows)
    context = {section.id: section.context for section in plan.sections}
    assert set(context["T3"]) == {"C1", "C2"}
    assert all(len(texts) == 8 for values in context.values() for texts in values.values())


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("scales: ATT", "no scale 'ATT'"),
        ("means: [{of: ATT, by: role}]", "'role' has no table of its own"),
        ("trends: [{of: age, over: gen}]", "age by gen is no crosstab"),
        ("odds: [{of: age, over: gen}]", "age by gen is no crosstab"),
        ("timeline: birthday", "no 'birthday'"),
        (
            "crosstabs: [{rows: role_01, columns: age gen}]\n    odds: [{of: role_01, over: age gen, adjusted: true}]",
            "age by gen is no crosstab of this plan, which adjusting needs",
        ),
        (
            "crosstabs: [{rows: role_01, columns: age}]\n    odds: [{of: role_01, over: age, adjusted: true}]",
            "adjusted between two questions",
        ),
        (
            "crosstabs: [{rows: att_1, columns: age gen}, {rows: age, columns: gen}]\n"
            "    odds: [{of: att_1, over: age gen, adjusted: true}]",
            "att_1 has more than two categories",
        ),
        (
            "crosstabs: [{rows: role_01, columns: age}]\n    trends: [{of: role_01, over: age, adjusted: true}]",
            "unknown key 'adjusted'",
        ),
    ],
)
def test_a_mistake_in_statistics_is_refused_with_its_line(make_plan, written, complaint):
    with pytest.raises(PlanError, match=complaint) as refused:
        make_plan(lines(("    tables: role att", f"    tables: att\n    {written}")))
    assert refused.value.line > 10
