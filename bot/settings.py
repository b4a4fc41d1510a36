"""Every setting in one described table, read from `BELLWETHER_…` variables or a file named `.env`.

The README's table is generated from this class and tested against it. A secret is never printed.
"""

from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from campaigns.domain.lanes import SLOWEST
from campaigns.errors import ConfigurationError
from sentiment.card import DEFAULT

PLACEHOLDER = "change-me"


class Settings(BaseSettings):
    """What an operator can set; `Settings.load()` refuses what is wrong in one sentence each."""

    model_config = SettingsConfigDict(
        env_prefix="BELLWETHER_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["demo", "development", "production"] = Field(
        default="development",
        description="`production` refuses placeholder secrets and hides the staff picker.",
    )
    database_url: str = Field(
        default="sqlite:///var/bellwether.db",
        description="Where everything is stored: SQLite file or `postgresql+psycopg://…`.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(PLACEHOLDER),
        description="Signs buttons and sign-ins. At least 32 characters; changing it voids both.",
    )
    data_keys: SecretStr = Field(
        default=SecretStr(PLACEHOLDER),
        description="Encrypts what people write: Fernet keys, comma-separated, newest first.",
    )
    console_password: SecretStr = Field(
        default=SecretStr(PLACEHOLDER),
        description="Opens the dashboard for the comms team. At least 12 characters.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8600", description="The address that staff reach the pages by."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8600, ge=0, le=65535, description="The port to listen on.")
    model: str = Field(
        default=DEFAULT,
        description="`full`, `small` (for weak machines), or the folder of a model of your own.",
    )
    tick_seconds: float = Field(
        default=5.0, ge=0.2, le=300, description="How often due work is looked for."
    )
    token_days: int = Field(
        default=30, ge=1, le=365, description="How long the buttons of a message stay valid."
    )

    comms_team: str = Field(
        default="",
        description="E-mail addresses, comma-separated: who sees and pauses campaigns in a chat.",
    )
    false_alarms: Literal[
        "one per 5 teams a year",
        "one per 10 teams a year",
        "one per 20 teams a year",
        "one per 50 teams a year",
    ] = Field(
        default="one per 10 teams a year",
        description="How many alerts about teams that need nobody are worth it: per 5, 10, 20, 50.",
    )
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""),
        description="Slack's bot token (`xoxb-…`). Turns Slack on; else all use the browser.",
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""),
        description="Slack's app token (`xapp-…`) for Socket Mode, which needs no open port.",
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Checks what Slack posts to `/slack/events`, where Socket Mode is not used.",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        description="The Slack Web API; any compatible server can stand in for it.",
    )
    slack_profiles: Literal["use", "leave"] = Field(
        default="use",
        description="`use`: Slack tells time zone and language; `leave`: the staff file does.",
    )
    slack_messages_per_minute: int = Field(
        default=200,
        ge=0,
        le=6000,
        description="How many messages Slack takes from us a minute, 20 or more; 0: any number.",
    )
    slack_processes: int = Field(
        default=1, ge=1, le=4, description="How many processes hold a Socket Mode connection."
    )

    @property
    def comms_addresses(self) -> frozenset[str]:
        """The addresses of the communications team as they are compared."""
        return frozenset(one.strip().casefold() for one in self.comms_team.split(",")) - {""}

    def values(self) -> dict[str, str]:
        """Every setting as text, secrets too: to be compared, and never to be shown."""
        return {
            name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name, value in ((name, getattr(self, name)) for name in type(self).model_fields)
        }

    @property
    def teams_per_false_alarm(self) -> int:
        """How many teams have one false alarm a year among them."""
        return int(self.false_alarms.split()[2])

    @field_validator("slack_api_url")
    @classmethod
    def _address_of_an_api(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("write an address such as https://slack.com/api/")
        return f"{value.rstrip('/')}/"

    @field_validator("slack_messages_per_minute")
    @classmethod
    def _leaves_room_for_what_is_urgent(cls, value: int) -> int:
        if 0 < value < SLOWEST:
            raise ValueError(f"expected 0 or at least {SLOWEST} messages a minute")
        return value

    @model_validator(mode="after")
    def _production_has_real_secrets(self) -> Self:
        if self.environment != "production":
            return self
        shortest = {"secret_key": 32, "data_keys": 44, "console_password": 12}
        weak = [
            f"BELLWETHER_{name.upper()}"
            for name, length in shortest.items()
            if PLACEHOLDER in (value := getattr(self, name).get_secret_value())
            or len(value) < length
        ]
        if weak:
            raise ValueError(
                f"{', '.join(weak)} still a placeholder or too short for production; "
                "`bellwether secrets` prints fresh ones"
            )
        return self

    @classmethod
    def load(cls) -> "Settings":
        """The settings of this process. Raises ConfigurationError that names each wrong one."""
        try:
            return cls()
        except ValidationError as error:
            raise ConfigurationError(
                "\n".join(
                    f"{_variable(problem['loc'])}{problem['msg'].removeprefix('Value error, ')}"
                    for problem in error.errors(include_input=False, include_url=False)
                )
            ) from None


def _variable(location: tuple[int | str, ...]) -> str:
    return f"BELLWETHER_{str(location[0]).upper()}: " if location else ""
