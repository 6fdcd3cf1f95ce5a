"""Who may ask for which address with which method: every URL pattern of the service, for every role.

One row per pattern and method. A method that has no row here is refused to everybody. `manage.py role_matrix` writes
docs/role-matrix.md from this table; tests compare the table with the URL resolver, and with what the service answers.

To add an address: add a row with one of the named outcomes below, or with a tuple of its own. Patterns stand as the
resolver spells them.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

PEOPLE = ("stranger", "researcher", "owner", "reviewer", "admin")
"""Not logged in; a researcher; the researcher whose report or token it is; a reviewer; an admin."""

YES, LOGIN, UNAUTHORISED, FORBIDDEN, NOTHING = "yes", "log in", "401", "403", "404"
"""Answered; sent to the log-in page; refused with that status."""

type Outcomes = tuple[str, str, str, str, str]

EVERYBODY: Outcomes = (YES, YES, YES, YES, YES)
NOBODY: Outcomes = (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
AT_THE_DOOR: Outcomes = (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN)
LOGGED_IN: Outcomes = (LOGIN, YES, YES, YES, YES)
OWNER: Outcomes = (LOGIN, FORBIDDEN, YES, FORBIDDEN, FORBIDDEN)
OWNER_OR_ADMIN: Outcomes = (LOGIN, FORBIDDEN, YES, FORBIDDEN, YES)
OWNER_OR_STAFF: Outcomes = (LOGIN, FORBIDDEN, YES, YES, YES)
OWN_TOKEN: Outcomes = (LOGIN, NOTHING, YES, NOTHING, NOTHING)
ASKERS: Outcomes = (LOGIN, YES, YES, FORBIDDEN, YES)
STAFF: Outcomes = (LOGIN, FORBIDDEN, FORBIDDEN, YES, YES)
REVIEWERS: Outcomes = (LOGIN, FORBIDDEN, FORBIDDEN, YES, FORBIDDEN)
ADMINS: Outcomes = (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, YES)
REFUSED: Outcomes = (FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
NOT_EVEN_ADMINS: Outcomes = (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
ADMINS_FIND_NOTHING: Outcomes = (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, NOTHING)

type Rows = Mapping[tuple[str, str], Outcomes]


def _pages(*rows: tuple[str, str, Outcomes]) -> Rows:
    """`("GET POST", pattern, outcomes)`."""
    return {(method, pattern): outcomes for methods, pattern, outcomes in rows for method in methods.split()}


def _operations(*rows: tuple[str, str, Outcomes]) -> Rows:
    """As pages, but a program that is not logged in gets 401 instead of the log-in page."""
    return {(method, f"api/v1/{pattern}"): _told(outcomes) for (method, pattern), outcomes in _pages(*rows).items()}


def _told(outcomes: Outcomes) -> Outcomes:
    stranger, researcher, owner, reviewer, admin = outcomes
    return (UNAUTHORISED if stranger == LOGIN else stranger, researcher, owner, reviewer, admin)


def _model(name: str, look: Outcomes = ADMINS, add: Outcomes = ADMINS, change: Outcomes = ADMINS) -> Rows:
    """The six addresses of a model in the administration. Nothing is deleted there."""
    at = f"admin/{name}/"
    one = f"{at}<path:object_id>/"
    return _pages(
        ("GET POST", at, look),
        ("GET POST", f"{at}add/", add),
        ("GET POST", f"{one}history/", look),
        ("GET POST", f"{one}delete/", NOT_EVEN_ADMINS),
        ("GET", f"{one}change/", look),
        ("POST", f"{one}change/", change),
        ("GET POST", one, look),
    )


ROLE_MATRIX: Rows = {
    # Respondents and the public
    **_pages(
        ("GET", "", EVERYBODY),
        ("GET", "<language:language>/", EVERYBODY),
        ("GET", "s/<slug:slug>/", EVERYBODY),
        ("GET POST", "<language:language>/s/<slug:slug>/", EVERYBODY),
        ("GET POST", "<language:language>/receipt/", EVERYBODY),
        ("GET", "<language:language>/stop/", EVERYBODY),
        ("GET", "<slug:language>/results/", EVERYBODY),
        ("GET", "<slug:language>/results/<slug:slug>/", EVERYBODY),
        ("GET", "healthz", EVERYBODY),
        ("GET", "readyz", EVERYBODY),
        # On this machine, in a rehearsal; else for whoever sends METRICS_TOKEN.
        ("GET POST", "metrics", EVERYBODY),
    ),
    # The way in, and one's own account
    **_pages(
        ("GET POST", "accounts/login/", EVERYBODY),
        ("GET", "accounts/logout/", LOGGED_IN),
        ("POST", "accounts/logout/", AT_THE_DOOR),
        ("GET", "accounts/inactive/", EVERYBODY),
        ("GET POST", "accounts/password/reset/", EVERYBODY),
        ("GET POST", r"accounts/^link/(?P<secret>[-\w]{43})/$", EVERYBODY),
        # Whoever is logged in is sent on to their work.
        ("GET POST", "accounts/code/", LOGGED_IN),
        ("GET", "accounts/", LOGGED_IN),
        ("GET POST", "accounts/reauthenticate/", LOGGED_IN),
        ("GET POST", "accounts/password/change/", LOGGED_IN),
        ("GET POST", "accounts/code/again/", LOGGED_IN),
        ("GET POST", "accounts/app/add/", LOGGED_IN),
        ("GET POST", "accounts/app/remove/", LOGGED_IN),
        ("GET", "accounts/recovery/", LOGGED_IN),
        ("GET POST", "accounts/recovery/new/", LOGGED_IN),
        ("GET", "accounts/recovery/file/", LOGGED_IN),
    ),
    # Researchers
    **_pages(
        ("GET", "portal/", LOGGED_IN),
        ("GET", "portal/releases/<slug:slug>/", LOGGED_IN),
        ("GET", "portal/releases/<slug:slug>/compare/", LOGGED_IN),
        ("GET", "portal/releases/<slug:slug>/files/<path:path>", LOGGED_IN),
        ("GET POST", "portal/reports/new/", ASKERS),
        ("GET", "portal/reports/<int:report_id>/", OWNER_OR_STAFF),
        ("GET", "portal/reports/<int:report_id>/progress/", OWNER_OR_STAFF),
        ("POST", "portal/reports/<int:report_id>/retry/", OWNER_OR_ADMIN),
        ("POST", "portal/reports/<int:report_id>/resubmit/", OWNER),
        ("GET POST", "portal/tokens/", LOGGED_IN),
        ("POST", "portal/tokens/<int:token_id>/revoke/", OWN_TOKEN),
        # The owner belongs to the study.
        ("GET", "portal/testimonies/<slug:survey>/", OWNER),
    ),
    # Reviewers
    **_pages(
        ("GET", "review/", STAFF),
        ("GET", "review/<int:report_id>/", STAFF),
        ("POST", "review/<int:report_id>/", REVIEWERS),
        ("GET", "review/<int:report_id>/files/<path:path>", STAFF),
        ("GET", "review/<int:report_id>/view/<path:path>", STAFF),
        ("POST", "review/<int:report_id>/objections/", STAFF),
        # The reviewer has raised it.
        ("POST", "review/objections/<int:objection_id>/withdraw/", REVIEWERS),
        ("GET POST", "review/keys/", REVIEWERS),
        ("GET", "review/testimonies/", REVIEWERS),
        ("GET POST", "review/testimonies/<slug:survey>/<int:wave>/<slug:task>/", REVIEWERS),
        ("POST", "review/releases/<slug:slug>/retract/", ADMINS),
    ),
    # Admins
    **_pages(
        ("GET POST", "admin/", ADMINS),
        ("GET POST", "admin/login/", ADMINS),
        ("POST", "admin/logout/", ADMINS),
        ("GET POST", "admin/password_change/", ADMINS),
        ("GET", "admin/password_change/done/", ADMINS),
        ("GET", "admin/autocomplete/", NOT_EVEN_ADMINS),
        ("GET", "admin/jsi18n/", ADMINS),
        ("GET POST", "admin/r/<path:content_type_id>/<path:object_id>/", ADMINS_FIND_NOTHING),
        ("GET POST", r"admin/^(?P<app_label>accounts|survey)/$", ADMINS),
        ("GET POST", r"admin/(?P<url>.*)$", ADMINS_FIND_NOTHING),
    ),
    **_pages(
        ("GET", "admin/surveys/", ADMINS),
        ("GET POST", "admin/new-survey/", ADMINS),
        ("GET", "admin/surveys/<slug:slug>/", ADMINS),
        ("GET POST", "admin/surveys/<slug:slug>/operator/", ADMINS),
        ("POST", "admin/surveys/<slug:slug>/members/", ADMINS),
        ("GET POST", "admin/surveys/<slug:slug>/new-wave/", ADMINS),
        ("GET", "admin/surveys/<slug:slug>/waves/<int:number>/", ADMINS),
        ("GET POST", "admin/surveys/<slug:slug>/waves/<int:number>/plan/", ADMINS),
        ("POST", "admin/surveys/<slug:slug>/waves/<int:number>/close/", ADMINS),
        ("POST", "admin/surveys/<slug:slug>/waves/<int:number>/postpone/", ADMINS),
        ("POST", "admin/surveys/<slug:slug>/waves/<int:number>/propose/", ADMINS),
        ("POST", "admin/surveys/<slug:slug>/waves/<int:number>/answer/", ADMINS),
        ("GET", "admin/surveys/<slug:slug>/waves/<int:number>/preview/<language:language>/", ADMINS),
        ("POST", "admin/surveys/<slug:slug>/waves/<int:number>/preview/<language:language>/", REFUSED),
        ("GET", "admin/help-lines/", ADMINS),
        ("GET POST", "admin/help-lines/<slug:instrument>/<language:language>/", ADMINS),
        ("GET", "admin/events/", ADMINS),
        ("GET POST", "admin/events/<slug:instrument>/", ADMINS),
    ),
    **_model("accounts/user"),
    **_model("accounts/auditentry", add=NOT_EVEN_ADMINS, change=NOT_EVEN_ADMINS),
    **_model("accounts/audithead", add=NOT_EVEN_ADMINS, change=NOT_EVEN_ADMINS),
    **_model("survey/survey", add=NOT_EVEN_ADMINS, change=NOT_EVEN_ADMINS),
    **_model("survey/wave", add=NOT_EVEN_ADMINS, change=NOT_EVEN_ADMINS),
    # Programs
    **_operations(
        ("GET", "", LOGGED_IN),
        ("GET", "schema/", EVERYBODY),
        ("GET", "docs/", EVERYBODY),
        ("GET", "surveys/", LOGGED_IN),
        ("GET", "surveys/<slug:slug>/", LOGGED_IN),
        ("GET", "surveys/<slug:slug>/testimonies/", OWNER),
        ("GET", "codebooks/<slug:instrument>/", LOGGED_IN),
        ("GET", "plans/", LOGGED_IN),
        ("GET", "plans/<slug:name>/", LOGGED_IN),
        ("GET", "releases/", LOGGED_IN),
        ("GET", "releases/<slug:slug>/", LOGGED_IN),
        ("GET", "releases/<slug:slug>/statistics/", LOGGED_IN),
        ("GET", "releases/<slug:slug>/figures/", LOGGED_IN),
        ("GET", "releases/<slug:slug>/testimonies/", LOGGED_IN),
        ("GET", "releases/<slug:slug>/tables/", LOGGED_IN),
        ("GET", "releases/<slug:slug>/tables/<slug:table_id>.csv", LOGGED_IN),
        ("GET", "releases/<slug:slug>/tables/<slug:table_id>/", LOGGED_IN),
        ("GET", r"^releases/(?P<slug>[-\w]+)/files/(?P<path>[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)$", LOGGED_IN),
        ("GET", "releases/<slug:slug>/bundle/", LOGGED_IN),
        ("POST", "releases/<slug:slug>/retract/", ADMINS),
        ("GET", "reports/", LOGGED_IN),
        ("POST", "reports/", ASKERS),
        ("GET", "reports/<int:report_id>/", OWNER_OR_STAFF),
        ("POST", "reports/<int:report_id>/decisions/", REVIEWERS),
        ("POST", "reports/<int:report_id>/objections/", STAFF),
        ("POST", "objections/<int:objection_id>/withdraw/", REVIEWERS),
        ("POST", "reports/<int:report_id>/retry/", OWNER_OR_ADMIN),
        ("POST", "reports/<int:report_id>/resubmit/", OWNER),
        ("GET POST", "tokens/", LOGGED_IN),
        ("DELETE", "tokens/<int:token_id>/", OWN_TOKEN),
        ("GET", r"^[\s\S]*/$", (UNAUTHORISED, NOTHING, NOTHING, NOTHING, NOTHING)),
    ),
}


def document() -> str:
    """The table as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Who may ask for what"
    yield ""
    yield "Generated from `config/role_matrix.py` by `manage.py role_matrix`; tests compare it with the service."
    yield "*owner*: the researcher whose report or token it is. *log in*: sent to the log-in page. A method without a"
    yield "row is refused to everybody; so is every page to people who lack a second factor where one is required."
    for part, rows in groupby(sorted(ROLE_MATRIX.items(), key=_place), key=lambda row: _part(row[0][1])):
        yield ""
        yield f"## {part}"
        yield f"| address | method | {' | '.join(PEOPLE)} |"
        yield f"|---|---|{'---|' * len(PEOPLE)}"
        for (method, pattern), outcomes in rows:
            yield f"| `/{_readable(pattern)}` | {method} | {' | '.join(outcomes)} |"
    yield ""


def _place(row: tuple[tuple[str, str], Outcomes]) -> tuple[str, str, str]:
    method, pattern = row[0]
    return _part(pattern), pattern, method


def _part(pattern: str) -> str:
    head = pattern.partition("/")[0]
    return f"/{head}/" if head in ("accounts", "admin", "api", "portal", "review") else "For everybody"


def _readable(pattern: str) -> str:
    """A bar would end the cell of the table."""
    return pattern.replace("|", "\\|")
