"""Reading the addresses that are given to people."""

import re

from django.core import mail
from django.http import HttpResponse

_LINK = re.compile(r"http://testserver(/accounts/link/[-\w]{43}/)")


def link_in(text: str) -> str:
    found = _LINK.search(text)
    assert found, text
    return found[1]


def link_shown(response: HttpResponse) -> str:
    return link_in(response.content.decode())


def link_mailed() -> str:
    return link_in(mail.outbox[-1].body)
