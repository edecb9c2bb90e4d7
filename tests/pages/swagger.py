"""Works Swagger UI as a reader does: opens groups and operations, types, presses Execute, reads the answer."""

from typing import Any, Final

import orjson
from playwright.sync_api import Locator

from tests.pages.browsing import Watched

METHODS: Final = ("get", "put", "post", "patch", "delete")
OUTCOME: Final = ".live-responses-table .response-col_status >> nth=-1"
REFUSED_TO_SEND: Final = ".validation-errors"


class Operation:
    """One operation, unfolded."""

    def __init__(self, box: Locator) -> None:
        self.box = box

    def row(self, parameter: str) -> Locator:
        """Row of a parameter."""
        return self.box.locator(f"tr[data-param-name='{parameter}']")

    def execute(self) -> None:
        """Press Execute and wait for the answer, or for Swagger UI to say what it lacks to ask."""
        self.box.locator("button.execute").click()
        self.box.locator(OUTCOME).or_(self.box.locator(REFUSED_TO_SEND)).first.wait_for()

    def fold(self) -> None:
        """Fold it; what was answered leaves the page."""
        self.box.locator(".opblock-summary-control").dispatch_event("click")  # it may be far above by now

    @property
    def status(self) -> str:
        """Status of the answer; or what Swagger UI says that it lacks."""
        lacking = self.box.locator(REFUSED_TO_SEND)
        if lacking.count():
            return " ".join(lacking.inner_text().split())
        return self.box.locator(OUTCOME).inner_text().split()[0]

    @property
    def answer(self) -> Any:  # noqa: ANN401 - JSON
        """Body of the answer as it is shown."""
        return orjson.loads(self.box.locator(".live-responses-table .highlight-code pre").inner_text())


class Docs:
    """The page under /docs."""

    def __init__(self, watched: Watched) -> None:
        self.page = watched.page
        self.contract = self.page.context.request.get(f"{watched.address}/openapi.json").json()
        self.page.locator(".opblock-tag").first.wait_for()

    @property
    def groups(self) -> list[str]:
        """Names of the groups shown, from top to bottom."""
        shown: list[str] = self.page.locator(".opblock-tag").evaluate_all("tags => tags.map(tag => tag.dataset.tag)")
        return shown

    def authorize(self, secret: str) -> None:
        """Give a key, as one who presses Authorize does."""
        self.page.locator(".btn.authorize").first.click()
        dialog = self.page.locator(".dialog-ux")
        dialog.locator("input").first.fill(secret)
        dialog.locator("button.authorize").first.click()
        dialog.locator("button.btn-done").first.click()

    def operation(self, identifier: str) -> Operation:
        """Unfold an operation, and its group before it."""
        (group,) = [one["tags"][0] for one in operations(self.contract) if one["operationId"] == identifier]
        header = self.page.locator(f".opblock-tag[data-tag='{group}']")
        if header.get_attribute("data-is-open") == "false":
            header.click()
        box = self.page.locator(f".opblock[id$='-{identifier}']")
        box.locator(".opblock-summary-control").click()
        box.locator(".responses-wrapper").wait_for()  # comes last; Execute does nothing before
        return Operation(box)


def operations(contract: dict[str, Any], *methods: str) -> list[dict[str, Any]]:
    """All operations of a contract, or those of some methods."""
    wanted = methods or METHODS
    return [item[method] for item in contract["paths"].values() for method in wanted if method in item]


def groups_of(contract: dict[str, Any]) -> list[str]:
    """Groups of a contract: in the order declared, then in that of the operations."""
    used = [tag for operation in operations(contract) for tag in operation["tags"]]
    declared = [tag["name"] for tag in contract.get("tags", []) if tag["name"] in used]
    return list(dict.fromkeys([*declared, *used]))
