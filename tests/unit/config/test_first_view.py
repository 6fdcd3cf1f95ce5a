"""What a browser would load by itself is counted, and every bound that is broken is named."""

from dataclasses import replace

import pytest

from config.first_view import BOUND, FirstView, references

SOUND = FirstView("https://survey.example.org/en/s/mris/", BOUND, 40_000, 200_000, 1, (), 0, 0, "browser")


@pytest.mark.parametrize(
    ("html", "loaded"),
    [
        ('<script type="module">const a = "x";</script><a href="/en/">', []),
        ('<script src="https://cdn.example/x.js"></script>', ["https://cdn.example/x.js"]),
        ("<link rel=stylesheet href=/a.css>", ["/a.css"]),
        ("<style>@font-face{src:url('//fonts.example/f.woff2')}</style>", ["//fonts.example/f.woff2"]),
        ('<img alt="" src="data:image/png;base64,AA">', []),
        ('<img alt="" src="/pixel">', ["/pixel"]),
    ],
)
def test_what_a_page_loads_is_found_in_it(html: str, loaded: list[str]) -> None:
    assert list(references(html)) == loaded


def test_a_light_view_that_asks_nobody_has_no_fault() -> None:
    assert SOUND.faults == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"br": BOUND + 1}, "bytes with br"),
        ({"requests": 2}, "2 requests"),
        ({"third_parties": ("fonts.example",)}, "asks fonts.example"),
        ({"cookies": 1}, "1 cookies"),
        ({"stored": 1}, "stored on the device"),
    ],
)
def test_each_broken_bound_is_named(change: dict[str, object], said: str) -> None:
    (fault,) = replace(SOUND, **change).faults  # type: ignore[arg-type]
    assert said in fault
