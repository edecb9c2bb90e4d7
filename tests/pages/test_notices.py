"""The notices: readable for everybody, on every width, in light and dark, on paper, and from nowhere else."""

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import SCHEMES, Scheme
from tests.pages.conftest import Look
from tests.pages.judging import unseen, violations

LANGUAGES: Final = ("tr", "en")
WIDTHS: Final = (320, 1280)
A4_WIDTH: Final = 718  # CSS pixels between margins of one centimetre
NOTICE: Final = "/v1/controllers/{}/notice?format=html&lang={}"

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True, scope="session")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_notice_violates_a_rule_of_accessibility(
    look: Look, address: str, controllers: list[str], language: str, scheme: Scheme, width: int
) -> None:
    found = {}
    for code in controllers:
        watched = look(address, NOTICE.format(code, language), scheme=scheme, width=width)
        found[code] = violations(watched.page)
    assert found == {code: [] for code in controllers}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_is_seen_whole(
    look: Look, address: str, controllers: list[str], language: str, width: int
) -> None:
    found = {code: unseen(look(address, NOTICE.format(code, language), width=width).page) for code in controllers}
    assert found == {code: [] for code in controllers}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_is_printed_whole_and_as_tables(
    look: Look, address: str, controllers: list[str], language: str
) -> None:
    for code in controllers:
        page = look(address, NOTICE.format(code, language), width=A4_WIDTH).page
        page.emulate_media(media="print")
        assert unseen(page) == []
        if code != "bos_ornek":  # which has nothing to tabulate
            expect(page.locator("thead").first).to_have_css("display", "table-header-group")
            expect(page.locator("thead").first).to_have_css("clip-path", "none")


def test_a_draft_says_so_first_and_a_complete_notice_does_not(look: Look, address: str) -> None:
    draft = look(address, NOTICE.format("octopus_chat", "tr")).page
    assert draft.locator("header").inner_text().startswith("TASLAK")
    draft.get_by_role("link", name="Taslaktaki eksikler").click()
    expect(draft.locator("#gaps-title")).to_be_in_viewport()
    whole = look(address, NOTICE.format("kivi", "tr")).page
    assert whole.locator("header").inner_text().startswith("Kişisel Verilerin İşlenmesine İlişkin Aydınlatma Metni")


def test_on_a_narrow_page_every_cell_says_its_column(look: Look, address: str) -> None:
    page = look(address, NOTICE.format("kent_konut", "tr"), width=320).page
    names = "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    shown = page.locator("tbody tr").first.locator("th, td").evaluate_all(names)
    assert shown == [f'"{column}"' for column in page.locator("thead").first.locator("th").all_inner_texts()]


def test_a_notice_follows_the_scheme_of_its_reader(look: Look, address: str) -> None:
    papers = [look(address, NOTICE.format("kivi", "tr"), scheme=scheme).page.locator("body") for scheme in SCHEMES]
    for paper, colour in zip(papers, ("rgb(255, 255, 255)", "rgb(20, 23, 27)"), strict=True):
        expect(paper).to_have_css("background-color", colour)


def test_the_first_tab_offers_the_way_past_the_contents(look: Look, address: str) -> None:
    page = look(address, NOTICE.format("kivi", "tr")).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Metne geç")).to_be_in_viewport()
