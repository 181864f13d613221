"""A headless Firefox of the system, driven by WebDriver BiDi: Playwright drives a Firefox of its own alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE_S = 60
PREFERENCES = {
    "media.navigator.streams.fake": True,  # a tone
    "media.navigator.permission.disabled": True,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
WATCHED = """() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + event.blockedURI));
}"""


class Tab:
    """The only tab of a Firefox.

    Args:
        line: To the browser.

    Attributes:
        complaints: What its pages reported to the console, and errors in them.
        requests: The addresses that its pages asked for.
    """

    def __init__(self, line: ClientConnection) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._line = line
        self._last = 0
        self.tell("session.new", capabilities={})
        self.tell("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.tell("script.addPreloadScript", functionDeclaration=WATCHED)
        self._context = self.tell("browsingContext.getTree")["contexts"][0]["context"]

    def tell(self, method: str, **parameters: object) -> dict[str, Any]:
        """Give a command and return its result."""
        self._last += 1
        self._line.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while (message := json.loads(self._line.recv(PATIENCE_S))).get("id") != self._last:
            self._take(message)
        assert message["type"] == "success", message
        result: dict[str, Any] = message["result"]
        return result

    def goto(self, url: str) -> None:
        self.tell("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression, a number, a text or a truth, as if a user had caused it."""
        given = {"target": {"context": self._context}, "awaitPromise": True, "userActivation": True}
        result = self.tell("script.evaluate", expression=expression, **given)
        assert result["type"] == "success", result
        return result["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until an expression is true."""
        moment = f"setTimeout(() => fail(Error({json.dumps(condition)})), {PATIENCE_S * 1000})"
        look = f"const look = () => ({condition}) ? done() : setTimeout(look, 50); look();"
        self.evaluate(f"new Promise((done, fail) => {{ {moment}; {look} }})")

    def press(self, key: str) -> None:
        keys = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self.tell(
            "input.performActions", context=self._context, actions=[{"type": "key", "id": "keys", "actions": keys}]
        )

    def _take(self, event: dict[str, Any]) -> None:
        if event.get("method") == "log.entryAdded":
            self.complaints.append(str(event["params"]["text"]))
        elif event.get("method") == "network.beforeRequestSent":
            self.requests.append(event["params"]["request"]["url"])


@contextmanager
def firefox(profile: Path) -> Iterator[Tab]:
    """Start a Firefox with a new profile in a folder."""
    assert FIREFOX, "No Firefox on this machine. On Debian: apt-get install firefox-esr"
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as program:
        try:
            assert program.stderr is not None
            found = next(filter(None, (re.search(r"BiDi listening on (ws://\S+)", line) for line in program.stderr)))
            with connect(f"{found[1]}/session", max_size=None, proxy=None) as line:
                yield Tab(line)
        finally:
            program.kill()
