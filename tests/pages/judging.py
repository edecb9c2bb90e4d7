"""What a page gets wrong: for axe, and for the eye."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# Only this rule of WCAG 2.2 AA is off in axe unless asked for.
RUN_AXE: Final = "axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
LAYOUT: Final = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Violations that axe finds with all its rules of WCAG 2.2 A and AA and of best practice."""
    page.evaluate(AXE)
    found = page.evaluate(RUN_AXE)["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def unseen(page: Page) -> list[str]:
    """Texts that are not shown, not shown whole, or only after scrolling sideways."""
    found: list[str] = page.evaluate(LAYOUT)
    return found
