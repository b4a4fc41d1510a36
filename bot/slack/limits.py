"""How often Slack's methods may be called, as lanes; nothing of its libraries is loaded here."""

from collections.abc import Mapping
from hashlib import sha256

from bot.settings import Settings
from campaigns.domain.lanes import Act, Lane

# Tiers 3 and 2 of Slack's documentation: fifty, or twenty, and more a minute, counted by method and
# workspace.
_METHODS: Mapping[Act, tuple[str, int | None]] = {
    "send": ("chat.postMessage", None),
    "find": ("conversations.history", 50),
    "update": ("chat.update", 50),
    "ask": ("dnd.teamInfo", 20),
}


def lanes(settings: Settings) -> Mapping[Act, Lane]:
    """The lanes of the workspace that the bot's token is for; none without Slack or a limit.

    They are called after the token's fingerprint, so that nobody has to ask Slack for a name first
    and all processes with this token share them.
    """
    token, per_minute = (
        settings.slack_bot_token.get_secret_value(),
        settings.slack_messages_per_minute,
    )
    if not token or not per_minute:
        return {}
    workspace = sha256(token.encode()).hexdigest()[:8]
    return {
        act: Lane(f"slack:{workspace}:{method}", most or per_minute)
        for act, (method, most) in _METHODS.items()
    }
