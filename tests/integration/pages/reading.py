"""Reading a page as a browser without script would: its words, its forms, its buttons."""

import html
import re

from django.http import HttpResponse


def text_of(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def kind_of(response: HttpResponse) -> str:
    """What the page calls itself: form, check, sent, stored, ..."""
    found = re.search(r'<body data-page="([a-z]+)">', text_of(response))
    assert found
    return found[1]


def title_of(response: HttpResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text_of(response))
    assert found
    return found[1]


def hidden_fields(response: HttpResponse) -> dict[str, list[str]]:
    """What the page sends along when its form is submitted, answers on it included."""
    form = text_of(response).partition('<form id="form"')[2].partition("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(value)
    for name, value in re.findall(
        r'<input type="(?:radio|checkbox)"[^>]* name="([^"]*)" value="([^"]*)" checked', form
    ):
        fields.setdefault(name, []).append(value)
    for name, text in re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        fields[name] = [text]
    return {name: values for name, values in fields.items() if values != [""]}


def buttons(response: HttpResponse) -> list[tuple[str, str]]:
    """(name, value) of every button that says something, but for the languages."""
    found = re.findall(r'<button [^>]*?name="([^"]*)" value="([^"]*)"', text_of(response))
    return [pair for pair in found if pair[0] != "switch"]
