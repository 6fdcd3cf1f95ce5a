"""The blank form of a wave in a language: made once, kept in three encodings, sent again until something changes."""

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import brotli
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from survey import queries
from survey.pages import script
from survey.pages.build import Setting, build_form
from survey.pages.frame import Frame, fill_ins, survey_frame
from survey.pages.languages import Language
from survey.pages.outage import is_transient
from survey.pages.responses import content_security_policy, render
from survey.pages.view import FormView

FRESH_SECONDS = 2.0
"""A changed wave shows within this time; until then no request for a form asks the database."""
MAX_AGE = 300
REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
"""A weight of nought in Accept-Encoding."""

type Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Document:
    bodies: dict[str, bytes]
    """Content encoding ('' for none) -> bytes."""
    digest: str
    policy: str

    def etag(self, encoding: str) -> str:
        return f'"{self.digest}{"-" if encoding else ""}{encoding}"'


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about one form that does not depend on answers."""

    context: queries.FormContext
    view: FormView
    frame: Frame
    document: Document


_prepared: dict[tuple[int, str], Prepared] = {}
_making = Lock()
_contexts: dict[str, tuple[float, queries.FormContext | None]] = {}


def recent_context(slug: str, clock: Clock = time.monotonic) -> queries.FormContext | None:
    """The survey with its present wave, at most FRESH_SECONDS old."""
    expires, known = _contexts.get(slug, (0.0, None))
    if clock() < expires:
        return known
    context = _present_context(slug, known)
    if context is not None:  # else anybody could fill the memory with names of no survey
        _contexts[slug] = (clock() + FRESH_SECONDS, context)
    return context


def _present_context(slug: str, known: queries.FormContext | None) -> queries.FormContext | None:
    """While the database does not answer, what is known of a survey stands: nobody can change it meanwhile."""
    try:
        return queries.form_context(slug)
    except Error as error:
        if known is None or not is_transient(error):
            raise
        return known


def fresh_until(slug: str) -> float:
    """Until when (monotonic seconds) what is known of the survey stands; 0 if nothing is known."""
    return _contexts.get(slug, (0.0, None))[0]


def remembered_context(slug: str) -> queries.FormContext | None:
    """What is in memory, however old: for pages that must not ask the database."""
    return _contexts.get(slug, (0.0, None))[1]


def forget() -> None:
    """Look at everything anew at the next request."""
    _contexts.clear()
    _prepared.clear()
    queries.forget_directories()


def prepare(context: queries.FormContext, spoken: Language) -> Prepared:
    """Kept as long as survey, wave, instrument, operator's details and help lines are the same."""
    assert context.wave is not None
    key = context.wave.id, spoken.code
    known = _prepared.get(key)
    if known is not None and known.context == context:
        return known
    with _making:  # it takes a second: a crowd at the first moment must not make the same form many times over
        known = _prepared.get(key)
        if known is None or known.context != context:
            known = _prepared[key] = make(context, spoken)
        return known


def make(context: queries.FormContext, spoken: Language) -> Prepared:
    """Made anew: what `prepare` keeps for respondents, and a preview shows."""
    assert context.wave is not None
    facts = {f"event_{code}": state for code, state in context.wave.event_states.items()}
    setting = Setting(
        instrument=context.instrument,
        catalogue=queries.catalogue(context.instrument.name, spoken.tag),
        facts={**facts, "lang": spoken.tag},
        fills=fill_ins(context, spoken),
        form=context.wave.form,
    )
    view = build_form(setting)
    frame = survey_frame(context, spoken, f"s/{context.slug}/").carrying("form")
    html = render("survey/form.html", frame, form_parts(context, view), view.stylesheet)
    return Prepared(context, view, frame, _document(html.encode(), view.stylesheet))


def form_parts(context: queries.FormContext, view: FormView) -> dict[str, object]:
    return {"context": context, "view": view, "stamp_bits": settings.STAMP_BITS, "script": script.source()}


def _document(html: bytes, stylesheet: str) -> Document:
    bodies = {
        "br": brotli.compress(html, mode=brotli.MODE_TEXT, quality=11),
        "gzip": gzip.compress(html, 9, mtime=0),
        "": html,
    }
    return Document(bodies, hashlib.sha256(html).hexdigest()[:32], content_security_policy(stylesheet, runs=True))


def respond(request: HttpRequest, document: Document) -> HttpResponse:
    """The document in the best encoding that the browser takes, or 304 if it has it already."""
    encoding = best_encoding(request.headers.get("Accept-Encoding", ""))
    etag = document.etag(encoding)
    has_it = is_known(request.headers.get("If-None-Match", ""), etag)
    response = HttpResponse(status=304) if has_it else HttpResponse(document.bodies[encoding])
    if encoding:
        response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response["Content-Security-Policy"] = document.policy
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def best_encoding(accepted: str) -> str:
    """br, gzip or, with an empty name, none: by what Accept-Encoding says."""
    taken = {part.partition(";")[0].strip() for part in accepted.lower().split(",") if not REFUSED.search(part)}
    return next((encoding for encoding in ("br", "gzip") if encoding in taken), "")


def is_known(if_none_match: str, etag: str) -> bool:
    """Compared weakly, as RFC 9110 asks for; `*` knows everything."""
    known = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return etag in known or "*" in known
