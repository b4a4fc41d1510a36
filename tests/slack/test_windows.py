"""Windows, Home pages, commands and response addresses, as an unmodified app meets them."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.slack_server import Member, SlackServer

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def window(title: str = "Your words", **more: Any) -> Json:
    box = {"type": "plain_text_input", "action_id": "words", "max_length": 20}
    asked = {"type": "input", "block_id": "b1", "label": plain("What else?"), "element": box}
    view = {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": [asked]}
    return view | more


def home(text: str) -> Json:
    go = {"type": "button", "action_id": "go", "text": plain("Go")}
    pick = {"type": "users_select", "action_id": "who", "placeholder": plain("Whom?")}
    later = [{"text": plain("Tomorrow"), "value": "1"}, {"text": plain("Next week"), "value": "7"}]
    snooze = {"type": "static_select", "action_id": "snooze", "options": later}
    parts = [{"type": "section", "text": plain(text)}]
    return {"type": "home", "blocks": [*parts, {"type": "actions", "elements": [go, pick, snooze]}]}


@pytest.fixture
def trigger(slack: SlackServer) -> Callable[[], str]:
    """A fresh trigger of U1's."""
    return lambda: slack.workspace.new_trigger("U1")


def refused(call: Any, **args: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def test_window_opens_once_when_the_trigger_is_fresh(
    slack: SlackServer, client: WebClient, trigger: Callable[[], str]
) -> None:
    fresh = trigger()
    opened = client.views_open(trigger_id=fresh, view=window())["view"]
    assert slack.views("U1")[0].id == opened["id"]
    assert refused(client.views_open, trigger_id=fresh, view=window()) == "trigger_exchanged"
    assert refused(client.views_open, trigger_id="1.2", view=window()) == "invalid_trigger_id"
    late = trigger()
    slack.clock.advance(3.1)
    assert refused(client.views_open, trigger_id=late, view=window()) == "trigger_expired"


def test_window_changes_only_when_the_hash_is_the_newest(
    slack: SlackServer, client: WebClient, trigger: Callable[[], str]
) -> None:
    opened = client.views_open(trigger_id=trigger(), view=window(external_id="e1"))["view"]
    new = {"view": window("Thanks"), "hash": opened["hash"]}
    client.views_update(view_id=opened["id"], **new)
    assert slack.views("U1")[0].content["title"]["text"] == "Thanks"
    assert refused(client.views_update, view_id=opened["id"], **new) == "hash_conflict"
    assert refused(client.views_update, view_id="V9", view=window()) == "not_found"
    for _ in range(2):
        client.views_push(trigger_id=trigger(), view=window())
    assert refused(client.views_push, trigger_id=trigger(), view=window()) == "push_limit_reached"


def test_window_is_refused_when_it_is_not_valid(
    client: WebClient, trigger: Callable[[], str]
) -> None:
    long = window("A title of more than 24 characters")
    assert refused(client.views_open, trigger_id=trigger(), view=long) == "invalid_arguments"
    silent = {key: value for key, value in window().items() if key != "submit"}
    assert refused(client.views_open, trigger_id=trigger(), view=silent) == "invalid_arguments"


def test_window_closes_or_stays_when_the_app_says_so(
    slack: SlackServer, client: WebClient, app: App, trigger: Callable[[], str]
) -> None:
    came: list[str] = []

    @app.view("words")
    def taken(ack: Ack, view: Json) -> None:
        words = view["state"]["values"]["b1"]["words"]["value"]
        came.append(words)
        if words == "again":
            ack(response_action="errors", errors={"b1": "Something else, please."})
        elif words == "more":
            ack(response_action="update", view=window("And more", callback_id="words"))
        else:
            ack()

    client.views_open(trigger_id=trigger(), view=window(callback_id="words"))
    answer = slack.submit(slack.views("U1")[-1], {"words": "again"})
    assert answer.response == {
        "response_action": "errors",
        "errors": {"b1": "Something else, please."},
    }
    slack.submit(slack.views("U1")[-1], {"words": "more"})
    assert slack.views("U1")[-1].content["title"]["text"] == "And more"
    slack.submit(slack.views("U1")[-1], {"words": "enough"})
    assert (slack.views("U1"), came) == ([], ["again", "more", "enough"])


def test_window_sends_nothing_off_when_a_person_could_not(
    slack: SlackServer, client: WebClient, trigger: Callable[[], str]
) -> None:
    client.views_open(trigger_id=trigger(), view=window())
    with pytest.raises(AssertionError, match="filled in"):
        slack.submit(slack.views("U1")[0], {})
    with pytest.raises(AssertionError, match="20 characters"):
        slack.submit(slack.views("U1")[0], {"words": "x" * 21})


def test_window_closed_by_hand_is_told_only_when_asked(
    slack: SlackServer, client: WebClient, app: App, trigger: Callable[[], str]
) -> None:
    app.view_closed("words")(lambda ack: ack())
    client.views_open(trigger_id=trigger(), view=window(callback_id="words"))
    assert slack.close(slack.views("U1")[0]) is None
    client.views_open(trigger_id=trigger(), view=window(callback_id="words", notify_on_close=True))
    told = slack.close(slack.views("U1")[0])
    assert told is not None
    assert told.acked
    assert slack.views("U1") == []


def test_home_is_shown_and_tapped_when_it_was_published(slack: SlackServer, app: App) -> None:
    picked: list[Json] = []

    @app.event("app_home_opened")
    def opened(client: WebClient, event: Json) -> None:
        client.views_publish(user_id=event["user"], view=home("Good morning"))

    @app.action("go")
    @app.action("who")
    @app.action("snooze")
    def tapped(ack: Ack, action: Json) -> None:
        picked.append(action)
        ack()

    page = slack.open_home("U1")
    assert page is not None
    assert page.content["blocks"][0]["text"]["text"] == "Good morning"
    assert slack.tap("U1", page, "Go").acked
    assert slack.select("U1", page, "who", "U2").acked
    assert slack.select("U1", page, "snooze", "Next week").acked
    assert picked[1]["selected_user"] == "U2"
    assert picked[2]["selected_option"]["value"] == "7"
    with pytest.raises(AssertionError, match="no option"):
        slack.select("U1", page, "snooze", "Never")


def test_command_is_answered_to_the_person_alone_when_it_is_typed(
    slack: SlackServer, client: WebClient, app: App
) -> None:
    @app.command("/bellwether")
    def typed(ack: Ack, command: Json) -> None:
        ack(f"You typed {command['text']}.")

    assert slack.command("U1", "pause").acked
    (answer,) = slack.messages("U1")
    assert (answer.text, answer.only_for) == ("You typed pause.", "U1")
    assert client.conversations_history(channel="D1")["messages"] == []


def test_response_address_is_good_for_five_uses_when_they_come_in_time(
    slack: SlackServer, client: WebClient, app: App, blocks: list[Json]
) -> None:
    urls: list[str] = []

    @app.action("yes.1")
    def taken(ack: Ack, respond: Respond) -> None:
        assert respond.response_url
        urls.append(respond.response_url)
        ack()

    client.chat_postMessage(channel="U1", text="Are you well?", blocks=blocks)
    message = slack.messages("U1")[0]
    for _ in range(2):
        slack.tap("U1", message, "yes.1")
    first, second = (WebhookClient(url, retry_handlers=[]) for url in urls)
    for number in range(5):
        assert first.send(text=str(number), replace_original=True).status_code == 200
    assert slack.messages("U1")[0].text == "4"
    assert first.send(text="6", replace_original=True).status_code == 404
    slack.clock.advance(30 * 60 + 1)
    assert second.send(text="late").status_code == 404
    assert len(slack.messages("U1")) == 1


def test_people_come_and_change_when_the_test_says_so(slack: SlackServer, app: App) -> None:
    told: list[tuple[str, Json]] = []
    for kind in ("team_join", "user_change", "message"):
        app.event(kind)(lambda event: told.append((event["type"], event)))
    assert slack.join(Member("U3", "Kim Lee")).acked
    assert slack.change("U3", deleted=True).acked
    assert slack.say("U1", "Hello?").acked
    slack.until(lambda: len(told) == 3, seconds=2)
    assert {kind for kind, _ in told} == {"team_join", "user_change", "message"}
    assert slack.messages("U1")[0].user == "U1"
