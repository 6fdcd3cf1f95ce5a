"""Which looks of a page are looked at. Every run takes a few; with ALL_LANGUAGES=1 it takes every language, narrow and
wide, light and dark."""

import os
from itertools import product
from typing import Literal

from django.conf import settings
from playwright.sync_api import Locator, expect

ALL_LANGUAGES = bool(os.environ.get("ALL_LANGUAGES"))
NARROW, WIDE = 320, 1280
"""CSS pixels. A window of 1280 enlarged to 400 % is as wide as a narrow one."""

type Look = tuple[str, int, Literal["light", "dark"]]


def looks(*usual: Look) -> list[Look]:
    """(language, width, colour scheme)"""
    if not ALL_LANGUAGES:
        return list(usual)
    return [*product((code for code, _ in settings.LANGUAGES), (NARROW, WIDE), ("light", "dark"))]


def choose(option: Locator) -> None:
    """With the keyboard: a mouse that aims while a long page is still being laid out may miss."""
    option.press(" ")
    expect(option).to_be_checked()
