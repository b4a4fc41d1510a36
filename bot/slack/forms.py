"""Opens a window within the three seconds that Slack gives, and takes in what was sent with it.

Whether the question is still asked is looked up before anybody types. Where a window can't be
opened in time, the person is told to press once more. The words go straight to where answers are
kept, and a form that could not be stored stays open with everything that was typed.
"""

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import toasts
from bot.conversation import Conversation
from bot.slack import modals
from bot.slack.desk import Do
from bot.slack.parsing import Press, Submission
from bot.slack.people import People
from bot.slack.speaking import Speaker
from bot.tokens import Tokens
from campaigns.domain.messages import Action, Event, Message, Note, TextBox
from campaigns.domain.wording import say

OPENS = frozenset({Action.WRITE, Action.CLOSE, Action.HELD})
_log = logging.getLogger(__name__)
