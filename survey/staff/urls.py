"""Beside Django's own pages under /admin/. No survey's address can stand in the way of another page."""

from django.urls import path

import survey.pages.urls  # noqa: F401 - it registers the converter of languages
from survey.staff import events, helplines, preview, surveys, waves

urlpatterns = [
    path("surveys/", surveys.all_surveys, name="staff-surveys"),
    path("new-survey/", surveys.create, name="staff-new-survey"),
    path("surveys/<slug:slug>/", surveys.survey, name="staff-survey"),
    path("surveys/<slug:slug>/operator/", surveys.operator, name="staff-operator"),
    path("surveys/<slug:slug>/members/", surveys.members, name="staff-members"),
    path("surveys/<slug:slug>/new-wave/", waves.plan, name="staff-new-wave"),
    path("surveys/<slug:slug>/waves/<int:number>/", waves.wave, name="staff-wave"),
    path("surveys/<slug:slug>/waves/<int:number>/plan/", waves.plan_anew, name="staff-plan"),
    path("surveys/<slug:slug>/waves/<int:number>/close/", waves.close, name="staff-close"),
    path("surveys/<slug:slug>/waves/<int:number>/postpone/", waves.postpone, name="staff-postpone"),
    path("surveys/<slug:slug>/waves/<int:number>/propose/", waves.propose, name="staff-propose"),
    path("surveys/<slug:slug>/waves/<int:number>/answer/", waves.answer, name="staff-answer"),
    path("surveys/<slug:slug>/waves/<int:number>/preview/<language:language>/", preview.preview, name="staff-preview"),
    path("help-lines/", helplines.all_languages, name="staff-help-lines"),
    path("help-lines/<slug:instrument>/<language:language>/", helplines.help_lines, name="staff-help-lines-of"),
    path("events/", events.all_instruments, name="staff-events"),
    path("events/<slug:instrument>/", events.events, name="staff-events-of"),
]
