"""A headless Chromium, driven over its debugging pipe: what a person sees and types in a browser.

https://chromedevtools.github.io/devtools-protocol/ : messages are JSON, each ended by a NUL; the
browser reads file descriptor 3 and writes file descriptor 4.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

WHERE = shutil.which("chromium") or shutil.which("chromium-browser")
_SECONDS = 30.0


class Browser:
    """One page of one browser process, with a profile of its own."""

    def __init__(self, profile: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def hand_over() -> None:
            """The ends of the pipes under the numbers that Chromium reads and writes."""
            ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser, from_browser)]
            for number, end in enumerate(ends, start=3):
                os.dup2(end, number)

        self._process = subprocess.Popen(
            _command(profile),
            close_fds=False,  # what Python opens is not inherited unless it is told so
            preexec_fn=hand_over,  # noqa: PLW1509 - it calls the kernel only
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._rest, self._number, self._session = b"", 0, ""

    def __enter__(self) -> Self:
        try:
            self._attach()
        except BaseException:
            self.close()
            raise
        return self

    def _attach(self) -> None:
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def open(self, url: str) -> None:
        """Go there, and wait until the page is whole."""
        self._call("Page.navigate", url=url)
        self.wait_until(
            f"location.href === {json.dumps(url)} && document.readyState === 'complete'"
        )

    def be_a_phone(self) -> None:
        """Show pages as a phone does, 390 wide, from the next one on."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            **{"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True},
        )

    def wait_until(self, condition: str) -> None:
        """Wait until a JavaScript expression is true."""
        deadline = time.monotonic() + _SECONDS
        while not self.value(f"Boolean({condition})"):
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"never true: {condition}\n{self.value('document.body.innerText')}"
                )
            time.sleep(0.05)

    def value(self, expression: str) -> Any:  # noqa: ANN401 - what JavaScript gives
        """The value of an expression; None while the page is being replaced."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer.get("result", {}).get("value")

    def type(self, text: str) -> None:
        """Type into what has the focus, as a keyboard does."""
        self._call("Input.insertText", text=text)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                return dict(answer.get("result", {}))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._read, 1 << 16)
            if not more:
                raise RuntimeError("the browser ended")
            self._rest += more
        raw, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(raw))


def _command(profile: Path) -> list[str]:
    """Without a sandbox of its own: tests run as root in containers, on pages that they made."""
    return [
        str(WHERE),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
    ]
