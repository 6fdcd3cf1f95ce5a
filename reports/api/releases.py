"""What was released. A retracted release stays on record with its reason; its files and numbers are not given out."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from reports import actions, queries
from reports.api.base import ApiView, address, viewer
from reports.api.files import download
from reports.api.formats import AsStored
from reports.api.plans import TextsField
from reports.enums import State
from reports.errors import Invalid
from reports.models import Artifact, Release, Report, Retraction
from reports.permissions import can_download, check_can_download, check_can_retract
from reports.render.citation import plain
from reports.transitions import PUBLISHED

FILTERS = [
    OpenApiParameter("text", str, description="In the title, or in the name of release, survey or plan."),
    OpenApiParameter("survey", str, description="Slug of the survey."),
    OpenApiParameter("plan", str, description="Name of the plan."),
    OpenApiParameter("language", str, description="One of the languages of the release, as in `content`."),
]

STATES = [state.value for state in State if state in PUBLISHED]


class PlanUsedSerializer(serializers.Serializer[Report]):
    name = serializers.CharField(source="plan_name")
    version = serializers.CharField(source="plan_version")
    sha256 = serializers.CharField(source="plan_digest")


class RetractionSerializer(serializers.Serializer[Retraction]):
    reason = serializers.CharField()
    retracted_on = serializers.DateField()


class ReleaseSerializer(serializers.Serializer[Release]):
    slug = serializers.SlugField()
    url = serializers.SerializerMethodField()
    title = serializers.CharField(source="report.title")
    survey = serializers.CharField(source="survey_slug")
    rehearsal = serializers.BooleanField(help_text="Made from simulated or trial answers; nothing to publish from.")
    waves = serializers.ListField(child=serializers.IntegerField(), source="report.waves")
    plan = PlanUsedSerializer(source="report")
    state = serializers.ChoiceField(STATES, source="report.state")
    released_on = serializers.DateField()
    supersedes = serializers.SerializerMethodField()
    correction = serializers.SerializerMethodField(help_text="What was wrong with the release it supersedes.")
    superseded_by = serializers.SerializerMethodField()
    retraction = serializers.SerializerMethodField()
    manifest_sha256 = serializers.CharField(help_text="What two reviewers approved.")

    def get_url(self, release: Release) -> str:
        return address(self.context["request"], "release", release.slug)

    def get_supersedes(self, release: Release) -> str | None:
        return release.supersedes.slug if release.supersedes else None

    def get_correction(self, release: Release) -> str | None:
        return (release.report.purpose or None) if release.supersedes else None

    def get_superseded_by(self, release: Release) -> str | None:
        successor: Release | None = getattr(release, "superseded_by", None)
        return successor.slug if successor else None

    @extend_schema(responses=RetractionSerializer(allow_null=True))
    def get_retraction(self, release: Release) -> dict[str, Any] | None:
        retraction = getattr(release, "retraction", None)
        return RetractionSerializer(retraction).data if retraction else None


class FileSerializer(serializers.Serializer[Artifact]):
    path = serializers.CharField()
    url = serializers.SerializerMethodField()
    bytes = serializers.IntegerField(source="size")
    sha256 = serializers.CharField()
    media_type = serializers.CharField()

    def get_url(self, artifact: Artifact) -> str:
        request, slug = self.context["request"], self.context["view"].kwargs["slug"]
        if artifact.path == queries.BUNDLE:
            return address(request, "bundle", slug)
        return address(request, "file", slug, artifact.path)


class ContentSerializer(serializers.Serializer[dict[str, Any]]):
    title = TextsField()
    n = serializers.IntegerField(help_text="Responses, to the nearest 5.")
    tier = serializers.CharField(help_text="How much of the plan this many responses allow.")
    languages = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField()
    citation = serializers.CharField()
    tables = serializers.URLField()
    statistics = serializers.URLField()
    figures = serializers.URLField()
    testimonies = serializers.URLField(help_text="What people wrote. Not found where the plan has no part for it.")
    visible = serializers.IntegerField(help_text="Tables that are shown.")
    withheld = serializers.IntegerField(help_text="Tables that are not, each with its reasons.")
    files = FileSerializer(many=True, help_text="With the SHA-256 of the manifest that was reviewed.")


class WholeReleaseSerializer(ReleaseSerializer):
    content = serializers.SerializerMethodField()

    @extend_schema(responses=ContentSerializer(allow_null=True))
    def get_content(self, release: Release) -> dict[str, Any] | None:
        if not can_download(viewer(self.context["request"]), release):
            return None
        return ContentSerializer(_content(self.context["request"], release), context=self.context).data


class ReasonSerializer(serializers.Serializer[dict[str, Any]]):
    reason = serializers.CharField(max_length=5000)


class Releases(ApiView):
    @extend_schema(operation_id="list_releases", parameters=FILTERS, responses=ReleaseSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All releases, newest first; superseded and retracted ones stay on record."""
        wanted = {one.name: request.query_params.get(one.name, "") for one in FILTERS}
        if any("\0" in value for value in wanted.values()):
            raise Invalid("No text holds the character NUL.")
        return self.page(queries.find_releases(**wanted), ReleaseSerializer)


class OneRelease(ApiView):
    @extend_schema(operation_id="read_release", responses=WholeReleaseSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """A release with its files and how to cite it. `content` is null once it is retracted."""
        return Response(self.show(WholeReleaseSerializer, queries.release(slug)))


class Bundle(ApiView):
    content_negotiation_class = AsStored

    @extend_schema(operation_id="download_bundle", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Everything as one ZIP. Its ETag is its SHA-256."""
        return download(request, readable(request, slug), queries.BUNDLE, f"{slug}.zip")


class File(ApiView):
    content_negotiation_class = AsStored

    @extend_schema(operation_id="download_file", responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, path: str) -> HttpResponseBase:
        """One file as it was reviewed. Its ETag is its SHA-256."""
        return download(request, readable(request, slug), path, f"{slug}-{path.replace('/', '-')}")


class Retract(ApiView):
    scope = Scope.REVIEW

    @extend_schema(operation_id="retract_release", request=ReasonSerializer, responses=WholeReleaseSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Take a release back, for a reason that everybody may read."""
        check_can_retract(viewer(request), queries.release(slug).report)
        reason = self.sent(ReasonSerializer)["reason"]
        return Response(self.show(WholeReleaseSerializer, actions.retract(viewer(request), slug, reason)))


def readable(request: Request, slug: str) -> Report:
    """The report behind a release whose files may be read. Raises NotFound, NotAllowed or WrongState."""
    release = queries.release(slug)
    check_can_download(viewer(request), release)
    return release.report


def _content(request: Request, release: Release) -> dict[str, Any]:
    document = queries.document(release.report)
    visible = sum(table["visible"] for table in document["tables"])
    return {
        **document,
        "citation": plain(document),
        **{name: address(request, name, release.slug) for name in ("tables", "statistics", "figures", "testimonies")},
        "visible": visible,
        "withheld": len(document["tables"]) - visible,
        "files": queries.artifacts(release.report),
    }
