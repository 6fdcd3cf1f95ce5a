"""Marks before a human reads: what may lead to a person is found in every script, at the right place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.identifiers import Kind, leaves_a_trace, marks, pieces, without

FOUND = [
    ("write to anna.b+x@example.org please", "anna.b+x@example.org", Kind.EMAIL),
    ("写信给 ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ 吧", "ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", Kind.EMAIL),
    ("anna (at) example (dot) org", "anna (at) example (dot) org", Kind.EMAIL),
    ("an\u200bna@example.org", "an\u200bna@example.org", Kind.EMAIL),
    ("see https://x.com/some/status/1?s=2 there", "https://x.com/some/status/1?s=2", Kind.LINK),
    ("看www.example.cn/帖子，就知道", "www.example.cn/帖子", Kind.LINK),
    ("it was on t.me/somebody yesterday", "t.me/somebody", Kind.LINK),
    ("mi blog es ejemplo.es", "ejemplo.es", Kind.LINK),
    ("I am @sunset_lover on X", "@sunset_lover", Kind.HANDLE),
    ("私は＠夕日です", "＠夕日です", Kind.HANDLE),
    ("ask u/somebody on Reddit", "u/somebody", Kind.HANDLE),
    ("my Discord is moon#1234", "moon#1234", Kind.HANDLE),
    ("加我微信:moon_88", "微信:moon_88", Kind.HANDLE),
    ("QQ 12345678", "QQ 12345678", Kind.HANDLE),
    ("카톡: moonlight", "카톡: moonlight", Kind.HANDLE),
    ("حسابي: moon.light", "حسابي: moon.light", Kind.HANDLE),
    ("call +49 (0)30 123-45-67 now", "+49 (0)30 123-45-67", Kind.PHONE),
    ("هاتفي ٠١٢٣٤٥٦٧٨٩ اتصل", "٠١٢٣٤٥٦٧٨٩", Kind.PHONE),
    ("電話は０９０－１２３４－５６７８", "０９０－１２３４－５６７８", Kind.PHONE),
    ("telepon 0812 3456 7890 ya", "0812 3456 7890", Kind.PHONE),
    ("order 123456 was mine", "123456", Kind.NUMBER),
    ("电话一三八零零一三八零零零", "一三八零零一三八零零零", Kind.NUMBER),
]


@pytest.mark.parametrize(("text", "part", "kind"), FOUND)
def test_what_may_lead_to_a_person_is_marked(text: str, part: str, kind: Kind) -> None:
    assert [(text[mark.start : mark.end], mark.kind) for mark in marks(text)] == [(part, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "We talked every night, from 2023 to 13 February 2026, about 1,500 times.",
        "GPT-4o was gone. I cried for 3 days... then 4.1 came.",
        "It hurt, e.g. at night; and/or in the morning.",
        "二〇二六年二月十三日，它走了。",
        "آخر مرة في ١٣ فبراير ٢٠٢٦.",
        "",
    ],
)
def test_plain_words_and_dates_are_left_alone(text: str) -> None:
    assert marks(text) == ()


def test_what_is_taken_out_leaves_the_rest_as_it_was() -> None:
    text = "Ask @moon or moon@example.org about order 1234567."
    assert without(text, marks(text)) == "Ask […] or […] about order […]."


@given(st.text(max_size=80))
def test_pieces_are_the_text_whatever_it_is(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text, marks(text))) == text


@pytest.mark.parametrize("text", ["a" * 4000, "1-" * 2000, "a@" * 2000, "a." * 2000, "@" * 4000, "+1 " * 1300])
def test_hostile_texts_take_no_time(text: str) -> None:
    import time

    began = time.perf_counter()
    marks(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "text",
    [
        "my ip is 203.0.113.7.", "203.0.113.7, then", "2001:db8::1", "fe80::1:2.", "1:2:3:4:5:6:7:8", "a＠b。co",
        "me@example.org.", "at 2026-02-13 04:30", "b2f1c7de-6f0c-4c5e-9d2a-0a1b2c3d4e5f", "<!-- x -->",
    ],
)  # fmt: skip
def test_what_is_sure_to_lead_somewhere_is_found_wherever_it_stands(text: str) -> None:
    assert leaves_a_trace(text)


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4.5", "at 3:30 in the night", "from 10:00:00 to 11:00:00", "联系@小明。谢谢你",
        "it said :: and left", "4.5 of 5.", "2026-02-13",
    ],
)  # fmt: skip
def test_what_may_be_told_is_left(text: str) -> None:
    assert not leaves_a_trace(text)
