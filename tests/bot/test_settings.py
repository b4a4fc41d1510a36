"""Settings refuse what is wrong in a sentence that names the variable and never its value."""

from pathlib import Path

import pytest

from bot.settings import PLACEHOLDER, Settings
from campaigns.errors import ConfigurationError

GOOD = {"SECRET_KEY": "s" * 40, "DATA_KEYS": "k" * 44, "CONSOLE_PASSWORD": "p" * 16}


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BELLWETHER_{name.upper()}", raising=False)


def put(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"BELLWETHER_{name}", value)


def test_settings_have_a_default_for_everything_in_development() -> None:
    settings = Settings.load()
    assert settings.environment == "development"
    assert settings.secret_key.get_secret_value() == PLACEHOLDER


def test_settings_are_read_from_the_environment_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("BELLWETHER_PORT=8700\nBELLWETHER_HOST=0.0.0.0\nOTHER=1\n")
    put(monkeypatch, PORT="8800")
    assert (Settings.load().port, Settings.load().host) == (8800, "0.0.0.0")


@pytest.mark.parametrize("name", list(GOOD))
@pytest.mark.parametrize("value", [PLACEHOLDER, f"{PLACEHOLDER}-{'x' * 60}", "short"])
def test_production_is_refused_while_a_secret_is_a_placeholder_or_short(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    put(monkeypatch, ENVIRONMENT="production", **{**GOOD, name: value})
    with pytest.raises(ConfigurationError, match=f"BELLWETHER_{name}") as caught:
        Settings.load()
    assert value not in str(caught.value).replace("too short", "")
    assert "bellwether secrets" in str(caught.value)


def test_production_starts_with_real_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, ENVIRONMENT="production", **GOOD)
    assert Settings.load().environment == "production"


def test_settings_name_every_variable_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, PORT="99999", TICK_SECONDS="often", ENVIRONMENT="moon")
    with pytest.raises(ConfigurationError) as caught:
        Settings.load()
    told = str(caught.value)
    for name in ("BELLWETHER_PORT", "BELLWETHER_TICK_SECONDS", "BELLWETHER_ENVIRONMENT"):
        assert name in told
    assert "often" not in told
    assert len(told.splitlines()) == 3


def test_secrets_are_not_in_the_printed_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, **GOOD)
    assert not any(value in repr(Settings.load()) for value in GOOD.values())


def test_every_setting_has_a_description() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_address_of_slack_ends_with_a_slash_and_is_refused_when_it_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(monkeypatch, SLACK_API_URL="http://127.0.0.1:4003/api")
    assert Settings.load().slack_api_url == "http://127.0.0.1:4003/api/"
    put(monkeypatch, SLACK_API_URL="slack.com")
    with pytest.raises(ConfigurationError, match="BELLWETHER_SLACK_API_URL: write an address"):
        Settings.load()


def test_pace_of_slack_is_refused_when_it_leaves_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SLACK_MESSAGES_PER_MINUTE="5")
    with pytest.raises(ConfigurationError, match="SLACK_MESSAGES_PER_MINUTE: expected 0 or"):
        Settings.load()
    put(monkeypatch, SLACK_MESSAGES_PER_MINUTE="0")
    assert Settings.load().slack_messages_per_minute == 0
