"""Draws docs/pictures: a notice on two widths in two schemes, Swagger UI, and a question answered there.

python -m tools.pictures
"""

import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, FloatRect

from app.platform.settings import ROOT
from tests.durability.serving import serving
from tests.pages.browsing import SCHEMES, chromium, open_page
from tests.pages.swagger import Docs, Operation

PICTURES: Final = ROOT / "docs" / "pictures"
NOTICE: Final = "/v1/controllers/kent_konut/notice?format=html&lang=tr&on=2026-11-22"
HEIGHTS: Final = {320: 1500, 1280: 1480}  # how much of a long notice shows its make-up
QUESTION: Final = "ask_abroad_under_explicit_consent"
NAME: Final = "The Constant Company, LLC"
BODY: Final = ".live-responses-table .highlight-code pre"
MARGIN: Final = 6
SCROLL: Final = """(body, name) => {
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode() && !texts.currentNode.textContent.includes(name));
  const range = document.createRange();
  range.setStart(texts.currentNode, texts.currentNode.textContent.indexOf(name));
  body.scrollTop += range.getBoundingClientRect().top - body.getBoundingClientRect().top - 75;
}"""


def draw_notices(browser: Browser, address: str) -> None:
    """Draw the top of a notice as a phone and as a desk shows it."""
    for width, height in HEIGHTS.items():
        for scheme in SCHEMES:
            page = open_page(browser, address, NOTICE, scheme=scheme, width=width).page
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=PICTURES / f"notice-{width}-{scheme}.png")
            page.context.close()


def draw_swagger(browser: Browser, address: str) -> None:
    """Draw the groups, then the answer to a question."""
    docs = Docs(open_page(browser, address, "/docs"))
    docs.page.screenshot(path=PICTURES / "swagger.png", full_page=True)
    question = docs.operation(QUESTION)
    question.row("abroad").locator("select").select_option("yes")
    question.execute()
    draw_answer(question)
    docs.page.context.close()


def draw_answer(question: Operation) -> None:
    """Draw what was asked and the answer, scrolled to its row."""
    body = question.box.locator(BODY)
    body.evaluate(SCROLL, NAME)
    page = question.box.page
    top, bottom = question.box.locator(".responses-wrapper").bounding_box(), body.bounding_box()
    if top is None or bottom is None:
        raise ValueError("the answer is not shown")
    height = bottom["y"] + bottom["height"] - top["y"] + MARGIN
    size: FloatRect = {"x": top["x"], "y": page.evaluate("scrollY") + top["y"], "width": top["width"], "height": height}
    page.screenshot(path=PICTURES / "swagger-question.png", full_page=True, clip=size)


def main() -> None:
    """Draw all pictures from a register that is seeded for them."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/envanter.db"
        with serving(url, Path(directory) / "log") as (_, address), chromium() as browser:
            draw_notices(browser, address)
            draw_swagger(browser, address)


if __name__ == "__main__":
    main()
