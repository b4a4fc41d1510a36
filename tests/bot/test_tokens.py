"""Button values: only ours open, for as long as they should, and they show nothing."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tokens import MAX_LENGTH, TokenError, Tokens
from campaigns.domain.messages import Action, Event, Tap
from campaigns.errors import ConfigurationError

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
SECRET = "a-secret-of-at-least-32-characters"
DAYS = 30


def tokens(now: datetime = NOW, secrets: tuple[str, ...] = (SECRET,)) -> Tokens:
    return Tokens(secrets, DAYS, lambda: now)


names = st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True)
taps = st.builds(Tap, st.sampled_from(Action), names | st.just(""), names | st.just(""))
SEALED = tokens().seal(4, KEY, Tap(Action.ANSWER, "ready", "2"))


@given(st.integers(1, 2**31), taps)
def test_open_gives_the_event_when_the_token_is_ours(person_id: int, tap: Tap) -> None:
    token = tokens().seal(person_id, KEY, tap)
    assert tokens().open(token) == Event(person_id, KEY, tap)
    assert len(token) <= MAX_LENGTH
    assert token.isascii()


def test_open_gives_an_event_when_the_tap_belongs_to_no_message() -> None:
    token = tokens().seal(4, "", Tap(Action.RESUME))
    assert tokens().open(token) == Event(4, "", Tap(Action.RESUME))


@given(st.data())
def test_open_refuses_when_any_bit_was_flipped(data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(SEALED) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = chr(ord(SEALED[position]) ^ (1 << bit))
    forged = SEALED[:position] + changed + SEALED[position + 1 :]
    with pytest.raises(TokenError) as caught:
        tokens().open(forged)
    assert caught.value.kind == "forged"


@given(st.text(max_size=400) | st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode()))
def test_open_refuses_when_the_token_is_anything_else(text: str) -> None:
    with pytest.raises(TokenError) as caught:
        tokens().open(text)
    assert caught.value.kind == "forged"


@pytest.mark.parametrize(
    "forged", [SEALED + "=", SEALED + "A", SEALED[:-1], " " + SEALED, SEALED * 2]
)
def test_open_refuses_when_a_token_is_spelled_another_way(forged: str) -> None:
    with pytest.raises(TokenError):
        tokens().open(forged)


@pytest.mark.parametrize(
    ("age", "kind"),
    [
        (timedelta(0), None),
        (timedelta(days=DAYS), None),
        (timedelta(days=DAYS, seconds=1), "expired"),
        (timedelta(days=4000), "expired"),
    ],
)
def test_open_tells_too_old_from_forged_when_the_token_was_ours(
    age: timedelta, kind: str | None
) -> None:
    later = tokens(NOW + age)
    if kind is None:
        assert later.open(SEALED).person_id == 4
        return
    with pytest.raises(TokenError) as caught:
        later.open(SEALED)
    assert caught.value.kind == kind


def test_open_takes_old_tokens_when_a_new_secret_stands_in_front() -> None:
    assert tokens(secrets=("another", SECRET)).open(SEALED).delivery_key == KEY
    with pytest.raises(TokenError):
        tokens(secrets=("another",)).open(SEALED)


def test_seal_hides_who_and_what_when_the_token_is_looked_at() -> None:
    tap = Tap(Action.ANSWER, "ready", "very-afraid")
    token = tokens().seal(123456, KEY, tap)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for part in (b"123456", b"very-afraid", b"ready", b"answer", KEY.encode(), bytes.fromhex(KEY)):
        assert part not in raw
        assert part not in token.encode()


def test_seal_differs_when_the_same_tap_is_sealed_twice() -> None:
    tap = Tap(Action.ANSWER, "ready", "1")
    assert tokens().seal(4, KEY, tap) != tokens().seal(4, KEY, tap)


def test_seal_refuses_when_a_tap_would_not_fit_on_a_button() -> None:
    with pytest.raises(ValueError, match="too long"):
        tokens().seal(4, KEY, Tap(Action.ANSWER, "q" * 200, "1"))
    with pytest.raises(ValueError, match="control character"):
        tokens().seal(4, KEY, Tap(Action.ANSWER, "q\x1f", "1"))


@pytest.mark.parametrize("secrets", [(), ("",), (SECRET, "")])
def test_tokens_refuse_to_start_when_a_secret_is_missing(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="BELLWETHER_SECRET_KEY"):
        tokens(secrets=secrets)


def test_tokens_show_no_secret_when_printed() -> None:
    assert repr(tokens()) == "Tokens()"
