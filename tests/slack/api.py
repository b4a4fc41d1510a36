"""The front door of the Web API: token, limit, scope, fault, then the method itself."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.slack import blockkit
from tests.slack.faults import Fault, Faults
from tests.slack.limits import Limiter, Limits
from tests.slack.members import APP, BOT, BOT_USER, TEAM, Json
from tests.slack.workspace import RefusedError, Workspace


@dataclass
class Tokens:
    """What an administrator copies from Slack's pages. `broken` is the error they earn since."""

    bot: str = "xoxb-of-the-test-server"
    app: str = "xapp-of-the-test-server"
    signing_secret: str = "signing secret of the test server"
    broken: str | None = None


@dataclass(frozen=True)
class Call:
    """A request as it came, and what became of it: `ok`, an error, a status, a lost connection."""

    method: str
    args: Json
    at: float
    outcome: str


@dataclass(frozen=True)
class Answer:
    """What goes back; `reset` breaks the connection instead, `seconds` come before."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    reset: bool = False
    seconds: float = 0.0


Handler = Callable[["Api", Json], Json]


@dataclass(frozen=True)
class Method:
    """What a method asks for; `scope` "" needs none, `app_level` takes the other token."""

    handler: Handler
    tier: int
    scope: str = ""
    required: tuple[str, ...] = ()
    app_level: bool = False


METHODS: dict[str, Method] = {}


def method(
    name: str, tier: int, scope: str = "", *required: str, app_level: bool = False
) -> Callable[[Handler], Handler]:
    """Registers a handler under its name."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, tier, scope, required, app_level)
        return handler

    return register


class Api:
    """Answers requests over a workspace."""

    def __init__(
        self,
        workspace: Workspace,
        tokens: Tokens,
        scopes: frozenset[str],
        limits: Limits | None,
        faults: Faults,
    ) -> None:
        self.workspace, self.tokens, self.scopes, self.faults = workspace, tokens, scopes, faults
        self.limiter = Limiter(limits)
        self.calls: list[Call] = []
        self.address = ""
        self.socket_url: Callable[[], str] = str
        self.groups: dict[str, Json] = {}

    def answer(self, name: str, token: str, args: Json) -> Answer:
        """Carries out the request, or what is to go wrong instead."""
        fault = self.faults.take(name)
        if fault and not fault.stores:
            self._log(name, args, fault.name)
            return self._broken(fault)
        answer = self._answer(name, token, args)
        return self._broken(fault, answer) if fault else answer

    def _answer(self, name: str, token: str, args: Json) -> Answer:
        found = METHODS.get(name)
        try:
            if found is None:
                raise RefusedError("unknown_method", req_method=name)
            self._check_token(found, token)
            channel = str(args.get("channel", ""))
            now = self.workspace.clock()
            wait = self.limiter.admit(name, _tier(name, found, args), channel, now)
            if wait is not None:
                self._log(name, args, "429")
                return _ratelimited(wait)
            result = self._run(found, args)
            self._log(name, args, "ok")
        except RefusedError as refusal:
            self._log(name, args, refusal.error)
            result = _refused(refusal)
        return Answer(json.dumps(result).encode(), headers=self._headers(found))

    def _run(self, found: Method, args: Json) -> Json:
        if found.scope and found.scope not in self.scopes:
            provided = ",".join(sorted(self.scopes))
            raise RefusedError("missing_scope", needed=found.scope, provided=provided)
        if missing := [one for one in found.required if args.get(one) in (None, "")]:
            lines = [f"[ERROR] missing required field: {one}" for one in missing]
            raise RefusedError("invalid_arguments", *lines)
        with self.workspace.lock:
            return {"ok": True} | found.handler(self, args)

    def _check_token(self, found: Method, token: str) -> None:
        if not token:
            raise RefusedError("not_authed")
        if token not in (self.tokens.bot, self.tokens.app):
            raise RefusedError("invalid_auth")
        if self.tokens.broken:
            raise RefusedError(self.tokens.broken)
        if (token == self.tokens.app) is not found.app_level:
            raise RefusedError("not_allowed_token_type")

    def _headers(self, found: Method | None) -> dict[str, str]:
        accepted = found.scope if found else ""
        scopes = ",".join(sorted(self.scopes))
        return {"x-oauth-scopes": scopes, "x-accepted-oauth-scopes": accepted}

    def _log(self, name: str, args: Json, outcome: str) -> None:
        with self.workspace.changed:
            self.calls.append(Call(name, args, self.workspace.clock(), outcome))
            self.workspace.changed.notify_all()

    def _broken(self, fault: Fault, stored: Answer | None = None) -> Answer:
        if fault.name.startswith("reset"):
            return Answer(b"", reset=True)
        if fault.name == "slow":
            body = stored.body if stored else b"{}"
            return Answer(body, headers=self._headers(None), seconds=fault.seconds)
        if fault.status == 429:
            return _ratelimited(int(fault.seconds))
        if fault.status:
            return Answer(b"upstream error", fault.status, {"Content-Type": "text/plain"})
        return Answer(json.dumps(_refused(RefusedError(fault.name))).encode())


def _tier(name: str, found: Method, args: Json) -> int:
    """Listing without pages has a stricter limit."""
    return 1 if name == "users.list" and not args.get("limit") else found.tier


def _ratelimited(seconds: int) -> Answer:
    body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
    return Answer(body, 429, {"Retry-After": str(seconds)})


def _refused(refusal: RefusedError) -> Json:
    result: Json = {"ok": False, "error": refusal.error} | refusal.more
    if refusal.messages:
        result["response_metadata"] = {"messages": refusal.messages}
    return result


def decoded(args: Json, name: str) -> Any:
    """An argument that may come as JSON or as a string of it; None where it is missing."""
    value = args.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise RefusedError(
            "invalid_json" if name != "blocks" else "invalid_blocks_format"
        ) from None


def truth(args: Json, name: str) -> bool:
    """Whether a yes-or-no argument says yes, however it is spelled."""
    return str(args.get(name, "")).lower() in ("1", "true")


def checked_blocks(args: Json, surface: blockkit.Surface) -> list[Json]:
    """The request's blocks, found valid and with the ids that Slack gives them."""
    blocks = decoded(args, "blocks") or []
    if errors := blockkit.problems(blocks, surface):
        raise RefusedError("invalid_blocks", *errors)
    return blockkit.with_ids(blocks)


@method("auth.test", 4)
def auth_test(api: Api, _: Json) -> Json:
    """Who the bot is."""
    who = {"team": "Bellwether test", "user": "bellwether", "team_id": TEAM, "bot_id": BOT}
    return who | {"url": api.address, "user_id": BOT_USER, "is_enterprise_install": False}


@method("apps.connections.open", 1, app_level=True)
def connections_open(api: Api, _: Json) -> Json:
    """Where the next socket connects to."""
    return {"url": f"{api.socket_url()}&app_id={APP}"}
