"""What holds for every page: axe finds nothing, nothing is wider than the window, every target is large enough."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

SLOW = pytest.mark.slow
SCREENS_AND_SCHEMES = pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param((375, 667), "light", id="phone-light"),
        pytest.param((375, 667), "dark", id="phone-dark", marks=SLOW),
        pytest.param((1440, 900), "light", id="desktop-light", marks=SLOW),
        pytest.param((1440, 900), "dark", id="desktop-dark"),
    ],
)
"""Each screen and each scheme in every run, and each with each other in the slow one."""
SMALLEST_TARGET = 44
TARGETS = "button, .button, summary, nav a, .site-header a"
AXE = Axe()

SMALL = """([selector, smallest]) => [...document.querySelectorAll(selector)]
    .filter((target) => target.checkVisibility() && !target.closest("svg"))
    .map((target) => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ target, box }) => box.width && !target.matches(".skip:not(:focus)")
        && (box.height < smallest - 0.1 || box.width < smallest - 0.1))
    .map(({ target, box }) => `${target.outerHTML.slice(0, 80)}: ${box.width} × ${box.height}`)"""

OVERLAPS = """(selector) => {
    const all = [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
    const boxes = new Map(all.map((each) => [each, each.getBoundingClientRect()]));
    const meet = (one, other) => one.right > other.left + 0.5 && other.right > one.left + 0.5
        && one.bottom > other.top + 0.5 && other.bottom > one.top + 0.5;
    return all.flatMap((one, index) => all.slice(index + 1)
        .filter((other) => !one.contains(other) && meet(boxes.get(one), boxes.get(other)))
        .map((other) => `${one.outerHTML.slice(0, 80)} over ${other.outerHTML.slice(0, 80)}`));
}"""


LATE = """() => {
    const links = [...document.head.querySelectorAll("script[src], link[rel=modulepreload]")];
    const announced = links.map((link) => link.src ?? link.href);
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    return loaded.filter((name) => name.endsWith(".js") && !announced.includes(name));
}"""


def axe_findings(page: "Page") -> list[str]:
    return [
        f"{finding['id']}: {node['html'][:160]}"
        for finding in AXE.run(page).response["violations"]
        for node in finding["nodes"]
    ]


def small_targets(page: "Page") -> list[str]:
    found: list[str] = page.evaluate(SMALL, [TARGETS, SMALLEST_TARGET])
    return found


def overlaps(page: "Page", selector: str) -> list[str]:
    """Pairs of what the selector finds that lie over each other."""
    found: list[str] = page.evaluate(OVERLAPS, selector)
    return found


def overhang(page: "Page") -> int:
    """Pixels by which the page is wider than the window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


def late_scripts(page: "Page") -> list[str]:
    """Scripts that the head does not announce, so that they are found only when another script has arrived."""
    found: list[str] = page.evaluate(LATE)
    return found


def layout_flaws(page: "Page") -> list[str]:
    """What sticks out and what is too small, as lines to read; without axe, which takes seconds for a large page."""
    wide = overhang(page)
    return [*small_targets(page), *([f"{wide} pixels too wide"] if wide else [])]


def flaws(page: "Page") -> list[str]:
    """All of it."""
    return [*axe_findings(page), *layout_flaws(page)]
