"""Makes the picture of the README from a running site: the page of a result, in Chromium.

.venv/bin/python -m tests.browser.picture http://127.0.0.1:8000 docs/result.webp
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import submit
from tests.conftest import BASE_DIR, CHROMIUM, CHROMIUM_FLAGS

PHOTO = BASE_DIR / "static/samples/two_people.jpg"
WINDOW = {"width": 1280, "height": 900}


def main(site: str, target: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
        page.goto(submit(page, site, PHOTO), wait_until="networkidle")
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    picture.convert("RGB").save(target, "WEBP", quality=82, method=6)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
