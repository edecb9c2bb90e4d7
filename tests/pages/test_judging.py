"""What judges the pages finds faults where there are any."""

import pytest
from playwright.sync_api import Browser

from tests.pages.browsing import Watched, open_page
from tests.pages.judging import unseen, violations

PAGE = "<html lang=en><title>Page</title><main><h1>Page</h1>{}</main></html>"
FAULTS = [
    ("<p style='width:2000px'>long</p><p style='text-align:right;width:2000px'>far</p>", "beside the page: far"),
    ("<p style='width:5px'>sticking</p>", "out of its box: sticking"),
    ("<div style='overflow:hidden;height:5px'><p>a line</p></div>", "cut off: a line"),
    ("<p style='display:none'>secret</p>", "not shown: secret"),
]


@pytest.mark.parametrize(("markup", "fault"), FAULTS, ids=["beside", "out", "cut", "hidden"])
def test_a_text_that_is_not_seen_whole_is_found(browser: Browser, markup: str, fault: str) -> None:
    page = open_page(browser, "about:", "blank").page
    page.set_content(PAGE.format(markup))
    assert fault in unseen(page)
    page.set_content(PAGE.format("<p>all is well</p>"))
    assert unseen(page) == []
    page.context.close()


def test_a_violation_is_found(browser: Browser) -> None:
    page = open_page(browser, "about:", "blank").page
    page.set_content(PAGE.format("<p style='color:#ccc'>pale</p>"))
    assert violations(page) == ['color-contrast: <p style="color:#ccc">pale</p>']
    page.context.close()


def test_a_message_an_error_and_another_host_are_found(browser: Browser) -> None:
    watched = open_page(browser, "about:", "blank")
    assert watched.faults == []
    disturb(watched)
    found = " ".join(watched.faults)
    assert "warning: careful" in found
    assert "broken" in found
    assert "asked for http://elsewhere.invalid/" in found
    watched.page.context.close()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True, scope="session")
def test_the_documentation_may_ask_no_other_host(browser: Browser, address: str) -> None:
    watched = open_page(browser, address, "/docs")
    assert watched.faults == []
    disturb(watched)
    found = " ".join(watched.faults)
    assert "'http://elsewhere.invalid/' violates" in found
    assert "asked for" not in found
    watched.page.context.close()


def disturb(watched: Watched) -> None:
    """Log a message, throw an error, and ask another host."""
    watched.page.evaluate("console.warn('careful'); setTimeout(() => { throw Error('broken') })")
    watched.page.evaluate("fetch('http://elsewhere.invalid/', {mode: 'no-cors'}).catch(() => null)")
