"""How fast the page of a result with twenty faces is in Chromium: a script for a running site.

    .venv/bin/python -m tests.browser.measure http://127.0.0.1:8000 [PHOTO]

Not a test, since the numbers depend on the machine; docs/benchmark.md explains them.
"""

import io
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import send
from tests.conftest import BASE_DIR, CHROMIUM, CHROMIUM_FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Page

SLOWER = 4
"""Times by which the processor is slowed down for the first visit."""
RUNS = 5
LARGEST_PAINT = """() => new Promise((done) => {
    const observer = new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime));
    observer.observe({ type: "largest-contentful-paint", buffered: true });
})"""
TOGGLE = """async () => {
    const times = [];
    for (let run = 0; run < 21; run++) {
        const start = performance.now();
        document.querySelector("input[value=mouth]").click();
        times.push(performance.now() - start);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    }
    return times;
}"""
ZOOM = """async () => {
    const stage = document.querySelector("[data-stage]");
    const times = [];
    for (let step = 0; step < 40; step++) {
        const start = performance.now();
        const [clientX, clientY] = [0.4 * innerWidth, 0.4 * innerHeight];
        const deltaY = step < 20 ? -5 : 5;
        stage.dispatchEvent(new WheelEvent("wheel", { deltaY, clientX, clientY, ctrlKey: true, cancelable: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - start);
    }
    return times;
}"""


def twenty_faces() -> bytes:
    """Five by four copies of one portrait."""
    sheet, stream = Image.new("RGB", (5 * 256, 4 * 256)), io.BytesIO()
    with Image.open(BASE_DIR / "tests/images/astronaut.jpg") as photo:
        tile = photo.resize((256, 256))
    for index in range(20):
        sheet.paste(tile, (index % 5 * 256, index // 5 * 256))
    sheet.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def visit(page: "Page", address: str) -> float:
    """Milliseconds to the largest paint of a first visit on a slowed processor."""
    session = page.context.new_cdp_session(page)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    painted: float = page.evaluate(LARGEST_PAINT)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    return painted


def report(label: str, times: list[Any]) -> None:
    sys.stdout.write(f"{label}: median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms\n")


def main(site: str, photo: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(site)
        send(page, photo)
        page.wait_for_url("**/results/*-*/")
        sys.stdout.write(page.locator(".result-summary").inner_text() + "\n")
        report(f"largest paint, processor slowed {SLOWER} times", [visit(page, page.url) for _ in range(RUNS)])
        report("script of toggling a region", page.evaluate(TOGGLE))
        report("a step of a zoom, until it is painted", page.evaluate(ZOOM))
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "twenty-faces.jpg"
        drawn.write_bytes(twenty_faces())
        main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else drawn)
