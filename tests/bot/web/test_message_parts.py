"""Every part that a message can have is shown, and nothing in one is taken for markup."""

import pytest
from flask.testing import FlaskClient

from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Choices,
    Divider,
    Facts,
    Heading,
    Link,
    Message,
    Note,
    Part,
    Picker,
    Scale,
    Tap,
    Text,
    TextBox,
)
from campaigns.storage import directory, mailbox
from tests.bot.web.reading import buttons
from tests.bot.web.stage import Stage

NASTY = '<b onclick="x">&amp; "quoted"</b>'
CLOSE = Tap(Action.CLOSE, value="1")
PARTS: list[Part] = [
    Heading(NASTY),
    Text(f"{NASTY}\n\nSecond"),
    Note(NASTY),
    Facts(((NASTY, NASTY), ("Team", "Registry"))),
    Scale("q", NASTY, 10, NASTY, NASTY),
    Choices("q", NASTY, (("a", NASTY), ("b", "B"))),
    TextBox("q", NASTY, NASTY, Tap(Action.WRITE, "q"), max_length=77),
    TextBox("", NASTY, "Close", CLOSE),
    Picker(NASTY, (("P02", NASTY),), Tap(Action.HAND_OVER, value="1")),
    Actions((Button(NASTY, CLOSE, "danger", NASTY), Link(NASTY, "https://example.org/?a=1&b=2"))),
    Divider(),
]


def show(stage: Stage, client: FlaskClient, *parts: Part) -> str:
    with stage.database.write() as c:
        person = directory.person_by_external_id(c, "P01")
        mailbox.post(c, person.id, Message("k" * 32, "", "en", parts), stage.now())
    html = client.get("/chat/P01").text
    return html[html.index('<ol id="messages">') : html.index("</ol>")]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind)
def test_no_part_is_taken_for_markup(stage: Stage, client: FlaskClient, part: Part) -> None:
    html = show(stage, client, part)
    assert "<b onclick" not in html
    assert part.kind == "divider" or "&lt;b onclick" in html


def test_facts_pair_label_and_value(stage: Stage, client: FlaskClient) -> None:
    html = show(stage, client, Facts((("Team", "Registry"),)))
    assert "<dt>Team</dt><dd>Registry</dd>" in html


def test_scale_of_ten_has_ten_buttons_and_names_its_ends(stage: Stage, client: FlaskClient) -> None:
    labels = list(buttons(show(stage, client, Scale("q", "Likely?", 10, "Never", "Surely"))))
    assert len(labels) == 10
    assert (labels[0], labels[-1]) == ("1 / 10, Never", "10 / 10, Surely")


def test_text_box_keeps_its_limit(stage: Stage, client: FlaskClient) -> None:
    box = TextBox("a", "Free", "Send", Tap(Action.WRITE, "a"), max_length=77)
    assert 'maxlength="77"' in show(stage, client, box)


def test_picker_and_link_carry_their_values(stage: Stage, client: FlaskClient) -> None:
    hand_over = Picker("To", (("P02", "Bo"),), Tap(Action.HAND_OVER, value="1"))
    html = show(stage, client, hand_over, Actions((Link("More", "https://example.org/?a=1&b=2"),)))
    assert '<option value="P02">Bo</option>' in html
    assert 'href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer"' in html


def test_buttons_hide_what_they_mean(stage: Stage, client: FlaskClient) -> None:
    tap = Tap(Action.ANSWER, "secretkey", "secretvalue")
    html = show(stage, client, Actions((Button("Go", tap),)))
    assert "secret" not in html
    assert stage.tokens.open(buttons(html)["Go"]).tap == tap


def test_alert_stands_out_from_other_messages(stage: Stage, client: FlaskClient) -> None:
    with stage.database.write() as c:
        person = directory.person_by_external_id(c, "P01")
        message = Message("k" * 32, "", "en", (Heading("Look"),), importance="alert")
        mailbox.post(c, person.id, message, stage.now())
    assert 'class="message is-alert"' in client.get("/chat/P01").text
