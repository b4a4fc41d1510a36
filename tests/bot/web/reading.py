"""Reading pages as a browser would: forms, their hidden fields and their buttons."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_FORM = re.compile(r"<form\b(?P<tag>[^>]*)>(?P<body>.*?)</form>", re.DOTALL)
_BUTTON = re.compile(r"<button\b(?P<tag>[^>]*)>(?P<label>.*?)</button>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]+>")


def csrf(html: str) -> str:
    """The first form's token against forged posts."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, "the page has no form"
    return unescape(found[1])


def buttons(html: str) -> dict[str, str]:
    """Label → sealed value of every button in a form, the last one of a label winning."""
    found = {}
    for form in _FORM.finditer(html):
        for button in _BUTTON.finditer(form["body"]):
            value = re.search(r'value="([^"]*)"', button["tag"])
            if value:
                found[plain(button["label"])] = unescape(value[1])
    return found


def plain(html: str) -> str:
    """The text without markup, its white space collapsed."""
    return " ".join(unescape(_MARKUP.sub(" ", html)).split())


def press(client: FlaskClient, external_id: str, label: str, **fields: str) -> TestResponse:
    """Press the button with that label on the person's page, as a browser without scripts does."""
    html = client.get(f"/chat/{external_id}").text
    known = buttons(html)
    value = known.get(label) or next(v for name, v in known.items() if name.startswith(label))
    data = {"csrf_token": csrf(html), "token": value, **fields}
    return client.post(f"/chat/{external_id}", data=data)
