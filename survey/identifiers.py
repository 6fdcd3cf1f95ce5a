"""What in a text may lead to a person: handles, e-mail addresses, links, phone and other long numbers.

A help for the people who read, not a filter: names, places and stories are not found, and nothing that is found is
sure. Works on the text as it stands, in any script: full-width signs and digits of every script count as plain ones.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

REMOVED = "[…]"
"""What takes the place of a mark; the same in every language."""


class Kind(StrEnum):
    EMAIL = "e-mail address"
    LINK = "link"
    HANDLE = "account name"
    PHONE = "phone number"
    NUMBER = "long number"


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    kind: Kind


_NAME = r"[\w.+%-]"
_ENDINGS = (
    "com|net|org|info|io|ai|app|dev|me|gg|ly|be|co|cc|tv|xyz|site|online|club|blog|page|link|chat|top|vip|edu|gov|"
    "cn|hk|tw|jp|kr|id|sg|my|th|vn|ph|in|es|mx|ar|cl|pe|br|pt|fr|de|it|nl|eu|uk|us|ca|au|nz|ru|sa|ae|eg|ma"
)
_SERVICES = (
    "wechat|weixin|微信|微信号|微信號|vx|qq|line|kakao|kakaotalk|카카오톡|카톡|라인|telegram|tg|whatsapp|discord|signal|"
    "instagram|insta|ig|twitter|tiktok|weibo|微博|facebook|fb|snapchat|reddit|xhs|小红书|小紅書|صفحتي|حسابي|حساب"
)
# Found in this order; where two overlap, the first one counts.
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Kind.EMAIL, rf"{_NAME}+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|。|\(dot\)|\[dot\])\s?[\w-]+)+"),
        (Kind.LINK, r"(?:https?|ftp|mailto|tg|weixin)://?[^\s<>\"',。、)」]+|www\.[^\s<>\"',。、)」]+"),
        (
            Kind.LINK,
            rf"(?<![\w@.-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.(?:{_ENDINGS})(?![a-z0-9])"
            r"(?::\d+)?(?:/[^\s<>\"',。、)」]*)?",
        ),
        (Kind.HANDLE, r"(?<![a-z0-9_.])@[\w.-]*\w|(?<![\w/])/?[ur]/[\w-]{2,}|\b[\w.]{2,}#\d{3,6}\b"),
        (Kind.HANDLE, rf"(?:{_SERVICES})\s?(?:id|号|號|ID)?\s?[:=]\s?[\w.@#-]{{2,}}"),
        (Kind.HANDLE, rf"(?:{_SERVICES})(?:\s?(?:id|号|號))?\s?(?=[a-z0-9_.-]*\d)[a-z0-9_.-]{{5,}}"),
        (Kind.PHONE, r"(?<![a-z0-9_.])(?:\+|00)\s?\d(?:[\s().\-/]{0,2}\d){6,14}(?!\d)"),
        (Kind.PHONE, r"(?<![a-z0-9_.,])\(?\d(?:[\s().\-]{0,2}\d){7,14}(?!\d)"),
        (Kind.NUMBER, r"(?<!\d)\d{6,}(?!\d)|[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]{7,}"),
    )
)

_TRACES = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+|。[a-z0-9-]+)+"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)"
    r"|(?<![\w:])(?:(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4})(?![\w:])"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\b(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}\b"
    r"|<!--",
    re.IGNORECASE,
)


def leaves_a_trace(text: str) -> bool:
    """Something that is sure to lead somewhere, and that nobody may print: an e-mail or internet address, a date with
    a time of day, an identifier, a receipt code, a comment of a page. Other than `marks`, this leaves nothing to
    judge."""
    return _TRACES.search(_folded(text)) is not None


def marks(text: str) -> tuple[Mark, ...]:
    """In the order of the text, without overlaps; positions are those of `text` in code points."""
    plain = _folded(text)
    found: list[Mark] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            if match.end() > match.start() and _is_free(match, found):
                found.append(Mark(match.start(), match.end(), kind))
    return tuple(sorted(found, key=lambda mark: mark.start))


def without(text: str, found: Sequence[Mark]) -> str:
    """The text with REMOVED in the place of each mark."""
    return "".join(REMOVED if mark else piece for piece, mark in pieces(text, found))


def pieces(text: str, found: Sequence[Mark]) -> Iterable[tuple[str, Mark | None]]:
    """The text cut at its marks: (piece, its mark or None)."""
    at = 0
    for mark in found:
        if mark.start > at:
            yield text[at : mark.start], None
        yield text[mark.start : mark.end], mark
        at = mark.end
    if at < len(text):
        yield text[at:], None


def _is_free(match: re.Match[str], found: Sequence[Mark]) -> bool:
    return all(match.end() <= mark.start or match.start() >= mark.end for mark in found)


def _folded(text: str) -> str:
    """The same number of signs: compatibility forms as plain ones, digits as 0 to 9, invisible signs as underscores.

    An underscore joins what an invisible sign was to part: `na<zero width space>me@…` is one name.
    """
    return "".join(_plain(sign) for sign in text)


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if unicodedata.category(sign) == "Cf":
        return "_"
    normal = unicodedata.normalize("NFKC", sign)
    return normal if len(normal) == 1 else sign
