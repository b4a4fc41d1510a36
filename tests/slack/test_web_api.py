"""The Web API is as strict as documented about tokens, scopes, people and messages."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack_server import SCOPES, Crowd, Member, SlackServer


def client_of(slack: SlackServer, token: str | None = None) -> WebClient:
    token = slack.tokens.bot if token is None else token
    return WebClient(token, base_url=slack.api_url, retry_handlers=[])


def refused(call: Any, **args: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def test_token_is_refused_when_it_is_not_ours(slack: SlackServer, client: WebClient) -> None:
    assert refused(client_of(slack, "xoxb-another").auth_test) == "invalid_auth"
    assert refused(client_of(slack, slack.tokens.app).auth_test) == "not_allowed_token_type"
    slack.tokens.broken = "token_revoked"
    assert refused(client.auth_test) == "token_revoked"
    assert [call.outcome for call in slack.calls("auth.test")][-1] == "token_revoked"


def test_scopes_are_named_when_the_token_is_tested(client: WebClient) -> None:
    assert client.auth_test().headers["x-oauth-scopes"] == ",".join(sorted(SCOPES))


def test_scope_that_is_missing_is_named_when_it_is_needed() -> None:
    with SlackServer(["U1"], scopes=["users:read"]) as slack:
        with pytest.raises(SlackApiError) as caught:
            client_of(slack).chat_postMessage(channel="U1", text="Hello")
        assert caught.value.response["needed"] == "chat:write"
        assert caught.value.response["provided"] == "users:read"
        profile = client_of(slack).users_info(user="U1")["user"]["profile"]
        assert "email" not in profile


def test_method_is_refused_when_it_is_unknown(client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.shout") == "unknown_method"
    assert refused(client.api_call, api_method="users.info") == "invalid_arguments"


def test_message_opens_the_direct_channel_when_it_is_sent_to_a_person(
    slack: SlackServer, client: WebClient, blocks: list[dict[str, Any]]
) -> None:
    metadata = {"event_type": "sent", "event_payload": {"key": "k1"}}
    sent = client.chat_postMessage(channel="U1", text="Hello", blocks=blocks, metadata=metadata)
    assert sent["channel"] == client.conversations_open(users="U1")["channel"]["id"] == "D1"
    assert slack.messages("U1")[0].text == "Hello"
    without = client.conversations_history(channel="D1")["messages"][0]["metadata"]
    assert without == {"event_type": "sent"}
    found = client.conversations_history(channel="D1", include_all_metadata=True)
    assert found["messages"][0]["metadata"] == metadata
    assert refused(client.conversations_history, channel="D2") == "channel_not_found"


def test_history_comes_in_pages_when_it_is_long(client: WebClient) -> None:
    sent = [client.chat_postMessage(channel="U1", text=str(n))["ts"] for n in range(5)]
    pages = client.conversations_history(channel="D1", limit=2)
    assert [one["text"] for page in pages for one in page["messages"]] == ["4", "3", "2", "1", "0"]
    later = client.conversations_history(channel="D1", oldest=sent[3])
    assert [one["text"] for one in later["messages"]] == ["4"]
    both = client.conversations_history(channel="D1", oldest=sent[3], inclusive=True)
    assert [one["text"] for one in both["messages"]] == ["4", "3"]


def test_update_takes_the_blocks_away_when_only_text_is_given(
    slack: SlackServer, client: WebClient, blocks: list[dict[str, Any]]
) -> None:
    metadata = {"event_type": "sent", "event_payload": {"key": "k1"}}
    sent = client.chat_postMessage(channel="U1", text="Hello", blocks=blocks, metadata=metadata)
    client.chat_update(channel=sent["channel"], ts=sent["ts"], text="Thanks")
    (message,) = slack.messages("U1")
    assert (message.text, message.blocks, message.metadata) == ("Thanks", [], metadata)
    wrong = {"ts": sent["ts"], "text": "Thanks"}
    assert refused(client.chat_update, channel="U1", **wrong) == "channel_not_found"
    long = {"channel": "D1", "ts": sent["ts"], "text": "x" * 4_001}
    assert refused(client.chat_update, **long) == "msg_too_long"
    client.chat_delete(channel="D1", ts=sent["ts"])
    assert slack.messages("U1") == []
    gone = {"channel": "D1", "ts": sent["ts"], "text": "Thanks"}
    assert refused(client.chat_update, **gone) == "message_not_found"


def test_text_is_cut_when_it_is_longer_than_slack_keeps(
    slack: SlackServer, client: WebClient
) -> None:
    sent = client.chat_postMessage(channel="U1", text="x" * 40_001)
    assert sent["warning"] == "message_truncated"
    assert len(slack.messages("U1")[0].text) == 40_000
    empty = {"api_method": "chat.postMessage", "params": {"channel": "U1"}}
    assert refused(client.api_call, **empty) == "no_text"


@pytest.mark.parametrize(
    ("member", "error"),
    [
        (Member("U3", deleted=True), "user_disabled"),
        (Member("U3", refuses="messages_tab_disabled"), "messages_tab_disabled"),
        (Member("U3", is_stranger=True), "invalid_user_combination"),
        (Member("U3", is_bot=True), "cannot_dm_bot"),
        (Member("U4"), "channel_not_found"),
    ],
)
def test_message_is_refused_when_the_person_cannot_have_it(member: Member, error: str) -> None:
    with SlackServer([member]) as slack:
        post = client_of(slack).chat_postMessage
        assert refused(post, channel="U3", text="Hello") == error


def test_people_come_in_pages_when_they_are_many() -> None:
    with SlackServer(Crowd(5_000)) as slack:
        client = client_of(slack)
        pages = client.users_list(limit=999, include_locale=True)
        sizes = [len(page["members"]) for page in pages]
        assert sum(sizes) == 5_002  # with Slackbot and our own
        assert len(sizes) == 6
        assert refused(client.users_list) == "limit_required"
        assert refused(client.users_list, limit=10, cursor="what?") == "invalid_cursor"


def test_anybody_is_found_when_there_are_a_hundred_thousand() -> None:
    with SlackServer(Crowd(100_000)) as slack:
        client = client_of(slack)
        one = client.users_lookupByEmail(email="Person99999@example.org")["user"]
        assert (one["id"], one["tz"]) == ("U00099999", "Australia/Sydney")
        assert client.users_info(user="U00000002", include_locale=True)["user"]["locale"] == "ja-JP"
        assert refused(client.users_lookupByEmail, email="x@example.org") == "users_not_found"


def test_groups_and_their_people_are_listed_when_asked(
    slack: SlackServer, client: WebClient
) -> None:
    group = slack.group("Permits", ["U1"])
    slack.group("Old", ["U2"], disabled=True)
    (found,) = client.usergroups_list(include_users=True)["usergroups"]
    assert (found["id"], found["name"], found["users"]) == (group, "Permits", ["U1"])
    assert client.usergroups_users_list(usergroup=group)["users"] == ["U1"]
    assert len(client.usergroups_list(include_disabled=True)["usergroups"]) == 2


def test_schedules_of_up_to_fifty_people_are_told_when_the_app_may_know_them(
    slack: SlackServer, client: WebClient
) -> None:
    slack.do_not_disturb("U2", 100, 200)
    assert client.dnd_teamInfo(users=["U1", "U2", "U404"])["users"] == {
        "U1": {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1},
        "U2": {"dnd_enabled": True, "next_dnd_start_ts": 100, "next_dnd_end_ts": 200},
    }
    many = [f"U{number}" for number in range(51)]
    assert refused(client.dnd_teamInfo, users=many) == "too_many_users"
    with SlackServer(["U1"], scopes=SCOPES - {"dnd:read"}) as stricter:
        assert refused(client_of(stricter).dnd_teamInfo, users=["U1"]) == "missing_scope"
