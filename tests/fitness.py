"""Whether a page serves everybody: no fault that axe knows, one first heading, nothing to be pushed sideways."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
PHONE, DESK = 390, 1280
FAULTS = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"]})
  .then(found => found.violations.map(it => it.id + ": " + it.nodes.map(node => node.html).join(" ")))"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def is_fit(page: Page, *widths: int) -> None:
    """Expect the open page to be fit for everybody in windows of these widths; at the end it has the last."""
    for width in widths or (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, f"{page.url} is wider than {width}"
    assert page.locator("h1").count() == 1, page.url
    assert faults(page) == [], page.url


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    page.wait_for_load_state()  # a click returns as soon as the next page begins to arrive
    return int(page.evaluate(OVERFLOW))


def faults(page: Page) -> list[str]:
    """What axe finds on the open page, each with the places."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(FAULTS))
