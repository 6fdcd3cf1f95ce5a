"""For the named researchers of a study: what its respondents wrote, as two reviewers have moderated it."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reports.pages.edge import person, staff_page
from reports.pages.words import OUTCOMES, USES
from survey import moderation
from survey.queries import survey_facts

_NUMBER = re.compile("[1-9][0-9]{0,4}")


@require_GET
@staff_page
def texts(request: HttpRequest, survey: str) -> HttpResponse:
    asked = request.GET.get("page", "1")
    page = moderation.read_moderated(person(request), survey, int(asked) if _NUMBER.fullmatch(asked) else 1)
    context = {
        "survey": survey,
        "rehearsal": survey_facts(survey).is_rehearsal,
        "texts": [(text, USES[text.use], OUTCOMES[text.kind]) for text in page.texts],
        "page": page,
        "next": page.number + 1 if page.has_more else 0,
    }
    return render(request, "reports/portal/testimonies.html", context)
