from django.urls import path

from reports.pages import keys, portal, queue, results, review, study, testimonies, tokens

urlpatterns = [
    path("portal/", portal.home, name="portal"),
    path("portal/releases/<slug:slug>/", portal.release, name="portal-release"),
    path("portal/releases/<slug:slug>/compare/", portal.compare, name="portal-compare"),
    path("portal/releases/<slug:slug>/files/<path:path>", portal.file, name="portal-file"),
    path("portal/reports/new/", portal.request_report, name="portal-request"),
    path("portal/reports/<int:report_id>/", portal.report, name="portal-report"),
    path("portal/reports/<int:report_id>/progress/", portal.progress, name="portal-progress"),
    path("portal/reports/<int:report_id>/retry/", portal.retry, name="portal-retry"),
    path("portal/reports/<int:report_id>/resubmit/", portal.resubmit, name="portal-resubmit"),
    path("portal/tokens/", tokens.tokens, name="portal-tokens"),
    path("portal/tokens/<int:token_id>/revoke/", tokens.revoke, name="portal-token-revoke"),
    path("portal/testimonies/<slug:survey>/", study.texts, name="portal-testimonies"),
    path("review/", queue.queue, name="review"),
    path("review/keys/", keys.keys, name="review-keys"),
    path("review/testimonies/", testimonies.queue, name="review-testimonies"),
    path("review/testimonies/<slug:survey>/<int:wave>/<slug:task>/", testimonies.texts, name="review-texts"),
    path("review/<int:report_id>/", review.report, name="review-report"),
    path("review/<int:report_id>/files/<path:path>", review.file, name="review-file"),
    path("review/<int:report_id>/view/<path:path>", review.look, name="review-view"),
    path("review/<int:report_id>/objections/", review.object_to, name="review-object"),
    path("review/objections/<int:objection_id>/withdraw/", review.withdraw, name="review-withdraw"),
    path("review/releases/<slug:slug>/retract/", review.retract, name="review-retract"),
    path("<slug:language>/results/", results.all_results, name="results"),
    path("<slug:language>/results/<slug:slug>/", results.results, name="results-release"),
]
