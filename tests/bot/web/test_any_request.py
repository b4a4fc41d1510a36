"""Whatever is asked of the pages: an answer or a refusal, and nothing has changed."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.storage.tables import metadata
from tests.bot.web.reading import csrf
from tests.bot.web.stage import Stage

PLACES = ["", "chat", "chat/P01", "chat/P01/updates", "chat/enter", "staff", "dashboard"]
PLACES += ["dashboard/portal", "dashboard/portal/updates", "dashboard/portal/figures.csv", "static"]
PLACES += ["health/live", "health/ready", "sign-in", "sign-out", "data-protection"]
PLACES += ["data-protection/log", "data-protection/log.csv", "chat/P01/held"]
NAMES = ["token", "text", "since", "seen", "q", "page", "after", "password", "next", "csrf_token"]
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"]
WORDS = "Marmalade"
piece = st.one_of(st.text(max_size=30), st.sampled_from(["..", "%00", "%ff", "\x00", "9" * 400]))
fields = st.dictionaries(st.sampled_from(NAMES), piece.map(lambda text: text + WORDS), max_size=4)


def everything(stage: Stage) -> list[Any]:
    """All rows of all tables but the audit log, which tells of looks."""
    with stage.database.read() as c:
        tables = [table for table in metadata.sorted_tables if table.name != "audit"]
        return [c.execute(select(table)).all() for table in tables]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(METHODS),
    place=st.sampled_from(PLACES),
    more=st.lists(piece, max_size=2),
    query=fields,
    form=st.one_of(fields, st.binary(max_size=60)),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/csv", ""]
    ),
)
def test_any_request_is_answered_or_refused_and_changes_nothing(
    running: Stage,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    method: str,
    place: str,
    more: list[str],
    query: dict[str, str],
    form: dict[str, str] | bytes,
    kind: str,
) -> None:
    before = everything(running)
    path = "/" + quote("/".join([place, *more]).lstrip("/"), safe="/%")
    body: dict[str, Any] = {"data": form}
    if isinstance(form, bytes):
        body["content_type"] = kind
    response = client.open(path, method=method, query_string=query, **body)
    # The stage's tables were not made by steps, so that it is right to say "not ready".
    assert response.status_code < 500 or (place, response.status_code) == ("health/ready", 503)
    assert "Traceback" not in response.text
    assert everything(running) == before
    assert WORDS not in caplog.text


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=fields, headers=st.sampled_from([{}, {"HX-Request": "true"}]))
def test_a_form_with_the_pages_own_token_and_nothing_else_right_is_refused(
    running: Stage, client: FlaskClient, form: dict[str, str], headers: dict[str, str]
) -> None:
    before = everything(running)
    data = {**form, "csrf_token": csrf(client.get("/chat/P01").text)}
    response = client.post("/chat/P01", data=data, headers=headers)
    assert response.status_code in (400, 413)
    assert WORDS not in response.text
    assert everything(running) == before
