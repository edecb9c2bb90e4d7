"""Debian's Chromium, and a page that keeps every message, every error and every request."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.durability.serving import PATIENCE

Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
FLAGS: Final = (
    "--no-sandbox",  # a container has no namespaces for one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the PATH; without one there is nothing to promise."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("no `chromium` on the PATH; `make test-pages` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        expect.set_options(timeout=PATIENCE * 1000)
        yield browser
        browser.close()


class Watched:
    """A page of the register, and all that it logged, threw and asked for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.messages: list[str] = []
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._keep)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _keep(self, message: ConsoleMessage) -> None:
        self.messages.append(f"{message.type}: {message.text} ({message.location['url']})")

    @property
    def faults(self) -> list[str]:
        """Whatever a quiet page that asks its own server alone would not have done."""
        outside = [f"asked for {url}" for url in self.requests if not url.startswith(f"{self.address}/")]
        return [*self.messages, *self.errors, *outside]

    def take_refusal(self, path: str, status: int) -> None:
        """Take one refused request out of the messages: Chromium logs each answer from 400 on."""
        (refusal,) = [one for one in self.messages if f"status of {status} " in one and f"({self.address}{path}" in one]
        self.messages.remove(refusal)


def open_page(browser: Browser, address: str, path: str, scheme: Scheme = "light", width: int = 1280) -> Watched:
    """Open a page in a context of its own."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    watched = Watched(context.new_page(), address)
    watched.page.goto(f"{address}{path}")
    return watched
