import json
import re
from xml.etree import ElementTree as ET

import pytest

from reports.render.charts import LABEL_WIDTH, _width, wrapped

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawing(files):
    return lambda name, language="en": ET.fromstring(files[f"figures/{language}/{name}.svg"])


def texts(svg):
    return [element.text for element in svg.iter(f"{SVG}text")]


def test_a_figure_is_an_image_with_a_name_and_a_description(drawing):
    svg = drawing("t1_age")
    assert svg.get("role") == "img"
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "age"
    assert description.text == "Bar chart. 18-24: 25 %; 25-34: 25 %; 35-44: 25 %; 45-54 or 55+: 25 %."


def test_a_bar_has_the_length_of_its_percentage(drawing):
    bars = [int(bar.get("width")) for bar in drawing("t1_gen").iter(f"{SVG}rect") if bar.get("class") == "bar"]
    assert bars == [round(300 * 47 / 100), round(300 * 53 / 100)]


def test_the_options_of_a_question_share_one_figure_and_a_hidden_one_says_so(drawing):
    shown = texts(drawing("t2_role"))
    assert [text for text in shown if text in ("=tool", "friend", "other")] == ["=tool", "friend", "other"]
    assert {"10 people", "about 43 %", "not shown"} <= set(shown)


def test_a_figure_of_nothing_but_hidden_numbers_is_not_drawn(files):
    assert "figures/en/t1_con_sens.svg" not in files
    assert "figures/en/t1_age.svg" in files


def test_no_figure_holds_a_number_that_is_not_in_the_report(files):
    figures = {figure["id"]: figure for figure in json.loads(files["report.json"])["figures"]}
    for name, figure in figures.items():
        svg = ET.fromstring(files[f"figures/en/{name}.svg"])
        known = {str(row[key]) for row in figure["rows"] for key in ("count", "percent")} | {"5", "95"}
        known |= set(re.findall(r"\d+", " ".join(row["label"]["en"] for row in figure["rows"]) + figure["title"]["en"]))
        said = " ".join([*texts(svg), svg.find(f"{SVG}desc").text])
        assert set(re.findall(r"\d+", said)) <= known, name


def test_labels_are_in_the_language_of_the_figure(drawing):
    svg = drawing("t1_gen", "zh-Hans")
    assert svg.get("lang") == "zh-Hans"
    assert {"中gen", "中woman", "47%"} <= set(texts(svg))
    assert svg.find(f"{SVG}desc").text == "条形图。中woman：47%; 中man：53%。"


@pytest.mark.parametrize(
    "label",
    [
        "help with a disability, health condition or neurodivergence",
        "模型被替换，或者改变很大，以至于对话的感觉都不一样了，已经认不出来了",
        "an OpenAI o-series model（例如 o3、o4-mini），以及其他没有列出的模型",
    ],
)
def test_long_labels_arewrapped_within_their_column(label):
    lines = wrapped(label, LABEL_WIDTH, 14)
    assert len(lines) > 1
    assert all(_width(line, 14) <= LABEL_WIDTH for line in lines)
    assert "".join(lines).replace(" ", "") == label.replace(" ", "")
    assert not any(line[0] in "，、）。" for line in lines)


def test_a_word_wider_than_its_column_stands_alone():
    assert wrapped("a " + "b" * 60 + " c", LABEL_WIDTH, 14) == ("a", "b" * 60, "c")
