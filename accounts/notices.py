"""What the mails say: that something waits, and where. Whoever reads along learns nothing else."""

from collections.abc import Mapping

from django.conf import settings

from accounts.enums import NoticeKind

PLACES: Mapping[str, str] = {
    NoticeKind.INVITATION: "/accounts/link/{secret}/",
    NoticeKind.PASSWORD: "/accounts/link/{secret}/",
    NoticeKind.IN_REVIEW: "/review/{subject}/",
    NoticeKind.DECISION_NEEDED: "/review/{subject}/",
    NoticeKind.CHANGES_ASKED: "/portal/reports/{subject}/",
    NoticeKind.OBJECTED: "/portal/reports/{subject}/",
    NoticeKind.REJECTED: "/portal/reports/{subject}/",
    NoticeKind.BLOCKED: "/portal/reports/{subject}/",
    NoticeKind.FAILED: "/portal/reports/{subject}/",
    NoticeKind.RELEASED: "/portal/releases/{subject}/",
    NoticeKind.RETRACTED: "/portal/releases/{subject}/",
}
_TITLE = "Sunset Survey: something waits for you"
_WAITS = "Something waits for you at\n\n{url}\n\nLog in to see what it is."
_CHOOSE = "Choose your password for Sunset Survey at\n\n{url}\n\nThe address works once, for {time}."
_TIMES = {NoticeKind.INVITATION: "7 days", NoticeKind.PASSWORD: "one hour"}
_FOOT = "You get this because you have an account there. If you did not expect it, you need not do anything."


def wording(kind: str, subject: str = "", secret: str = "") -> tuple[str, str]:
    """Title and text of a mail. Raises KeyError for a kind without a place."""
    url = settings.PUBLIC_URL + PLACES[kind].format(subject=subject, secret=secret)
    sentence = _CHOOSE.format(url=url, time=_TIMES[NoticeKind(kind)]) if secret else _WAITS.format(url=url)
    return _TITLE, f"{sentence}\n\n{_FOOT}\n"
