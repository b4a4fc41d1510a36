"""HTTP mode: the app is sent signed requests at an address of its own, and answers them."""

import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

from tests.slack.api import Tokens
from tests.slack.faults import Faults
from tests.slack.members import Json
from tests.slack.sending import ACK_SECONDS, Sent

AT_ONCE = 50
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class SignedRequests:
    """A way to the app, as the sockets are one."""

    def __init__(self, url: str, tokens: Tokens, faults: Faults) -> None:
        self._url, self._tokens, self._faults = urlsplit(url), tokens, faults
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="slack-signed")
        self.secret: str | None = None
        self.age_seconds = 0

    def deliver(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Sent:
        """One request, carried out in the background."""
        sent = Sent(payload)
        fault = self._faults.take(kind)
        if fault and fault.name == "lost":
            sent.fail("lost")
            return sent
        retry = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason}
        for _ in range(2 if fault and fault.name == "duplicated" else 1):
            self._pool.submit(self._carry, sent, kind, retry if attempt else {})
        return sent

    def verify(self, challenge: str) -> str:
        """What the app answers when its address is entered on Slack's pages."""
        body = {"type": "url_verification", "token": "verification", "challenge": challenge}
        return self._post(json.dumps(body), JSON, {})[1]

    def stop(self) -> None:
        """Waits for what is under way."""
        self._pool.shutdown()

    def _carry(self, sent: Sent, kind: str, headers: dict[str, str]) -> None:
        try:
            status, body, no_retry = self._post(*_encoded(kind, sent.payload), headers)
        except TimeoutError:
            sent.fail("http_timeout")
        except OSError:
            sent.fail("connection_failed")
        else:
            sent.no_retry = no_retry
            if status == 200:
                sent.ack(_understood(body))
            else:
                sent.fail("http_error")

    def _post(self, body: str, kind: str, headers: dict[str, str]) -> tuple[int, str, bool]:
        stamp = str(int(time.time()) - self.age_seconds)
        secret = self._tokens.signing_secret if self.secret is None else self.secret
        base = f"v0:{stamp}:{body}".encode()
        signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        signed = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={signature}"}
        connection = HTTPConnection(self._url.netloc, timeout=ACK_SECONDS)
        try:
            signed |= {"Content-Type": kind} | headers
            connection.request("POST", self._url.path, body.encode(), signed)
            answer: HTTPResponse = connection.getresponse()
            text = answer.read().decode()
            return answer.status, text, answer.getheader("x-slack-no-retry") == "1"
        finally:
            connection.close()


def _encoded(kind: str, payload: Json) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), JSON
    if kind == "slash_commands":
        return urlencode(payload), FORM
    return urlencode({"payload": json.dumps(payload)}), FORM


def _understood(body: str) -> Json | None:
    try:
        found = json.loads(body)
    except ValueError:
        return {"text": body} if body else None
    return found if isinstance(found, dict) else None
