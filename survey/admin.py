"""Surveys and waves to look at. Steps that change a wave are `manage.py wave`; answers have no page here on purpose."""

from django.contrib import admin
from django.http import HttpRequest

from survey.enums import WaveState
from survey.models import Survey, Wave
from survey.queries import attendance_band, count_responses


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Survey | Wave | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Survey | Wave | None = None) -> bool:
        return False


@admin.register(Survey)
class SurveyAdmin(ReadOnly):
    list_display = ("slug", "instrument", "version", "mode")


@admin.register(Wave)
class WaveAdmin(ReadOnly):
    list_display = ("survey", "number", "state", "seal_on", "answers")

    @admin.display(description="answers")
    def answers(self, wave: Wave) -> str:
        """As coarsely as staff may know it: a band until sealing, then rounded to 5."""
        if wave.state == WaveState.SEALED:
            return f"about {round(count_responses([wave.pk]) / 5) * 5}"
        return attendance_band(wave.pk)
