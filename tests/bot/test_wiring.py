"""What is chosen where an application is put together."""

import json
from pathlib import Path
from typing import get_args

import pytest

from bot.chats import Chats
from bot.settings import Settings
from bot.web.messenger import BrowserMessenger
from bot.wiring import build
from campaigns.storage.vault import new_key
from sentiment.card import CONFIG_FILE, DEFAULT, model_folder, read_card
from sentiment.errors import WeightsError
from sentiment.resistance import Confusion
from sentiment.watch import BUDGETS, TeamDetector


def settings(tmp_path: Path, model: str = DEFAULT, **more: object) -> Settings:
    return Settings.model_validate(
        {
            "database_url": f"sqlite:///{tmp_path}/wiring.db",
            "secret_key": "s" * 40,
            "data_keys": new_key(),
            "model": model,
            **more,
        }
    )


def test_build_takes_the_figures_of_the_model_it_scores_with(tmp_path: Path) -> None:
    application = build(settings(tmp_path))
    assert application.work.detector.confusion == read_card().resistance() != Confusion()
    application.close()


def test_build_is_cautious_when_the_model_was_not_measured(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    content = json.loads((model_folder() / CONFIG_FILE).read_text())
    (folder / CONFIG_FILE).write_text(json.dumps({**content, "confusion": []}))
    application = build(settings(tmp_path, str(folder)))
    assert application.work.detector.confusion == Confusion()
    application.close()


def test_build_takes_the_budget_of_false_alarms_from_the_settings(tmp_path: Path) -> None:
    one = settings(tmp_path).model_copy(update={"false_alarms": "one per 50 teams a year"})
    application = build(one)
    assert application.work.detector == TeamDetector(read_card().resistance(), 50)
    application.close()


def test_every_budget_of_the_settings_has_a_threshold(tmp_path: Path) -> None:
    words = get_args(Settings.model_fields["false_alarms"].annotation)
    for one in words:
        known = settings(tmp_path).model_copy(update={"false_alarms": one})
        assert known.teams_per_false_alarm in BUDGETS
    assert len(words) == len(BUDGETS)


def test_build_refuses_a_model_folder_when_it_has_no_model(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="not found"):
        build(settings(tmp_path, str(tmp_path)))


def test_build_writes_in_the_browser_when_slack_has_no_token(tmp_path: Path) -> None:
    application = build(settings(tmp_path))
    assert isinstance(application.messenger, BrowserMessenger)
    application.close()


def test_build_writes_in_slack_too_when_it_has_a_token(tmp_path: Path) -> None:
    application = build(settings(tmp_path, slack_bot_token="xoxb-1", slack_messages_per_minute=300))
    assert isinstance(application.messenger, Chats)
    assert application.messenger.lanes["send"].per_minute == 300
    assert application.work.messenger is application.messenger
    application.close()


def test_build_keeps_to_no_limit_when_there_is_none(tmp_path: Path) -> None:
    application = build(settings(tmp_path, slack_bot_token="xoxb-1", slack_messages_per_minute=0))
    assert application.messenger.lanes == {}
    application.close()
