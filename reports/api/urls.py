"""Addresses of version 1 of the REST API."""

from django.urls import path, re_path

from reports.api import codebooks, entrance, objections, plans, releases, reports, surveys, tables, testimonies, tokens

# As `reports.render` names files: no path leads anywhere else.
FILE = r"^releases/(?P<slug>[-\w]+)/files/(?P<path>[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)$"

urlpatterns = [
    path("", entrance.Entrance.as_view(), name="api"),
    path("schema/", entrance.Schema.as_view(), name="api-schema"),
    path("docs/", entrance.Docs.as_view(), name="api-docs"),
    path("surveys/", surveys.Surveys.as_view(), name="api-surveys"),
    path("surveys/<slug:slug>/", surveys.OneSurvey.as_view(), name="api-survey"),
    path("surveys/<slug:slug>/testimonies/", testimonies.ModeratedTexts.as_view(), name="api-moderated"),
    path("codebooks/<slug:instrument>/", codebooks.OneCodebook.as_view(), name="api-codebook"),
    path("plans/", plans.Plans.as_view(), name="api-plans"),
    path("plans/<slug:name>/", plans.OnePlan.as_view(), name="api-plan"),
    path("releases/", releases.Releases.as_view(), name="api-releases"),
    path("releases/<slug:slug>/", releases.OneRelease.as_view(), name="api-release"),
    path("releases/<slug:slug>/statistics/", tables.Statistics.as_view(), name="api-statistics"),
    path("releases/<slug:slug>/figures/", tables.Figures.as_view(), name="api-figures"),
    path("releases/<slug:slug>/testimonies/", testimonies.Testimonies.as_view(), name="api-testimonies"),
    path("releases/<slug:slug>/tables/", tables.Tables.as_view(), name="api-tables"),
    path("releases/<slug:slug>/tables/<slug:table_id>.csv", tables.TableCsv.as_view(), name="api-table-csv"),
    path("releases/<slug:slug>/tables/<slug:table_id>/", tables.OneTable.as_view(), name="api-table"),
    re_path(FILE, releases.File.as_view(), name="api-file"),
    path("releases/<slug:slug>/bundle/", releases.Bundle.as_view(), name="api-bundle"),
    path("releases/<slug:slug>/retract/", releases.Retract.as_view(), name="api-retract"),
    path("reports/", reports.Reports.as_view(), name="api-reports"),
    path("reports/<int:report_id>/", reports.OneReport.as_view(), name="api-report"),
    path("reports/<int:report_id>/decisions/", reports.Decisions.as_view(), name="api-decisions"),
    path("reports/<int:report_id>/objections/", objections.Objections.as_view(), name="api-objections"),
    path("objections/<int:objection_id>/withdraw/", objections.Withdrawals.as_view(), name="api-withdraw"),
    path("reports/<int:report_id>/retry/", reports.Retry.as_view(), name="api-retry"),
    path("reports/<int:report_id>/resubmit/", reports.Resubmit.as_view(), name="api-resubmit"),
    path("tokens/", tokens.Tokens.as_view(), name="api-tokens"),
    path("tokens/<int:token_id>/", tokens.OneToken.as_view(), name="api-token"),
    # Any sign, a line feed too.
    re_path(r"^[\s\S]*/$", entrance.Nowhere.as_view()),
]
