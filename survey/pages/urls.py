from django.urls import path, register_converter

from survey.pages import form, landing, receipt
from survey.pages.languages import Language, interface_languages


class LanguageConverter:
    regex = "[a-z]{2}(?:-[a-z]{4})?"

    def to_python(self, value: str) -> Language:
        found = next((language for language in interface_languages() if language.code == value), None)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: Language) -> str:
        return value.code


register_converter(LanguageConverter, "language")

urlpatterns = [
    path("", landing.to_landing),
    path("s/<slug:slug>/", form.in_preferred_language),
    path("<language:language>/", landing.landing),
    path("<language:language>/s/<slug:slug>/", form.form),
    path("<language:language>/receipt/", receipt.receipt),
    path("<language:language>/stop/", landing.stop),
]
