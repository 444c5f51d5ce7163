"""Photos that are dropped, pasted or taken with the camera."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import becomes_true
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, JSHandle, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT = "**/results/*-*/"
CARRY = """([files, texts]) => {
    const carried = new DataTransfer();
    for (const [name, type, bytes] of files) carried.items.add(new File([new Uint8Array(bytes)], name, { type }));
    for (const [type, text] of texts) carried.setData(type, text);
    return carried;
}"""


def carried(page: "Page", *photos: Path, link: str = "", text: str = "") -> "JSHandle":
    """A DataTransfer, as a drag or a clipboard has it."""
    files = [[photo.name, "image/jpeg", list(photo.read_bytes())] for photo in photos]
    texts = [[kind, content] for kind, content in (("text/uri-list", link), ("text/plain", text)) if content]
    return page.evaluate_handle(CARRY, [files, texts])


def names(page: "Page") -> list[str]:
    return page.locator("photo-row .row-name").all_inner_texts()


# --- dropping --------------------------------------------------------------------------------------------------------


def test_photos_dropped_anywhere_are_previewed_first(
    site: str, page: "Page", images: Path, browser_errors: list[str]
) -> None:
    page.goto(site)
    photos = carried(page, images / "astronaut.jpg", images / "rocket.jpg")
    page.dispatch_event(".site-footer", "drop", {"dataTransfer": photos})
    page.locator("text=Find the points in 2 photos").wait_for()
    assert names(page) == ["astronaut.jpg", "rocket.jpg"]
    page.dispatch_event("h1", "drop", {"dataTransfer": carried(page, images / "two_people.jpg")})
    page.locator("photo-row >> nth=2").wait_for()
    page.click("text=Find the points in 3 photos")
    page.locator("text=Sent 3 of 3").wait_for()
    assert browser_errors == []


def test_the_window_shows_that_it_accepts_a_drop(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    photo = carried(page, images / "astronaut.jpg")
    marked = page.locator("html.is-dropping")
    page.dispatch_event("h1", "dragover", {"dataTransfer": photo})
    within = "document.querySelector('h1').dispatchEvent(new DragEvent('dragleave', given))"
    page.evaluate(f"(given) => {{ given.relatedTarget = document.body; {within} }}", {"bubbles": True})
    assert marked.count() == 1
    page.dispatch_event("h1", "dragleave", {"dataTransfer": photo})
    assert marked.count() == 0
    page.dispatch_event("h1", "dragover", {"dataTransfer": carried(page, text="some text")})
    assert marked.count() == 0
    link = carried(page, link="https://photos.example.org/one.jpg")
    page.dispatch_event("#image_url", "dragover", {"dataTransfer": link})
    assert marked.count() == 0
    page.dispatch_event("h1", "dragover", {"dataTransfer": link})
    assert marked.count() == 1


def test_a_picture_of_the_page_itself_is_not_accepted(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    photo = carried(page, images / "astronaut.jpg")
    page.dispatch_event(".promise img", "dragstart", {"dataTransfer": photo})
    page.dispatch_event("h1", "dragover", {"dataTransfer": photo})
    assert page.locator("html.is-dropping").count() == 0
    page.dispatch_event("h1", "dragover", {"dataTransfer": carried(page, images / "astronaut.jpg")})
    assert page.locator("html.is-dropping").count() == 1


def test_only_the_photos_of_a_folder_are_added(site: str, page: "Page") -> None:
    page.goto(site)
    page.evaluate(
        """() => {
            const start = new Uint8Array([0xff, 0xd8, 0xff]);
            const file = (name, type) => ({ name, file: (done) => done(new File([start], name, { type })) });
            const folder = (name, ...children) => ({
                name,
                isDirectory: true,
                createReader: () => ({ readEntries: (done) => done(children.splice(0, 2)) }),
            });
            const inner = folder("inner", file("photo-2.JPG", ""), file("notes.txt", "text/plain"));
            const deep = folder("deep", file("two.jpg", "image/jpeg"));
            const bin = folder("$RECYCLE.BIN", file("one.jpg", "image/jpeg"), deep);
            const previews = ["@eaDir", "#recycle", ".Trash-1000", "__MACOSX", ".picasaoriginals", ".thumbnails"].map(
                (name) => folder(name, file("small.jpg", "image/jpeg")));
            const odd = ["._photo.jpg", "Thumbs.db", ".hidden.jpg"].map((name) => file(name, "image/jpeg"));
            const root = folder("root", file("photo-10.png", "image/png"), ...odd, bin, ...previews, inner);
            const dataTransfer = {
                types: ["Files"],
                files: [new File([], "root")],
                items: [{ kind: "file", webkitGetAsEntry: () => root }],
                getData: () => "",
            };
            const drop = Object.assign(new Event("drop", { bubbles: true, cancelable: true }), { dataTransfer });
            document.body.dispatchEvent(drop);
        }"""
    )
    page.locator("text=2 photos chosen").wait_for()
    assert names(page) == ["photo-2.JPG", "photo-10.png"]
    assert page.locator("[data-status]").inner_text() == (
        "Files skipped in folders: 11 hidden or system, 1 of another type."
    )


def test_a_dropped_link_goes_to_the_address_field(site: str, page: "Page") -> None:
    page.goto(site)
    link = "https://photos.example.org/one.jpg"
    page.dispatch_event("h1", "drop", {"dataTransfer": carried(page, link=link)})
    expect(page.locator("#image_url")).to_be_focused()
    assert page.input_value("#image_url") == link
    page.dispatch_event("h1", "drop", {"dataTransfer": carried(page, link="mailto:someone@example.org")})
    expect(page.locator("[data-status]")).to_have_text("This link is not a web address.")


# --- pasting ---------------------------------------------------------------------------------------------------------


def allow_clipboard(page: "Page") -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])


def copy_picture(page: "Page") -> None:
    page.evaluate(
        """async () => {
            const answer = await fetch(document.querySelector(".samples img").src);
            const bitmap = await createImageBitmap(await answer.blob());
            const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
            canvas.getContext("2d").drawImage(bitmap, 0, 0);
            const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
            await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
        }"""
    )


@pytest.mark.parametrize("method", ["keys", "button"])
def test_a_picture_is_pasted(site: str, page: "Page", browser_errors: list[str], method: str) -> None:
    page.goto(site)
    allow_clipboard(page)
    copy_picture(page)
    if method == "keys":
        page.keyboard.press("Control+V")
    else:
        page.click("[data-paste]")
    page.wait_for_url(RESULT)
    assert page.locator("h1").inner_text().startswith("Pasted ")
    assert page.locator(".stage svg.overlay").get_attribute("viewBox") == "0 0 640 480"
    assert page.locator(".close-up svg.overlay use").count() == 90
    assert browser_errors == []


@pytest.mark.parametrize("method", ["keys", "button"])
def test_an_address_is_pasted_into_its_field(site: str, page: "Page", method: str) -> None:
    page.goto(site)
    allow_clipboard(page)
    page.evaluate("navigator.clipboard.writeText(' https://photos.example.org/one.jpg\\n')")
    if method == "keys":
        page.keyboard.press("Control+V")
    else:
        page.click("[data-paste]")
    expect(page.locator("#image_url")).to_be_focused()
    assert page.input_value("#image_url") == "https://photos.example.org/one.jpg"


def test_pasting_into_a_field_works_as_usual(site: str, page: "Page") -> None:
    page.goto(site)
    allow_clipboard(page)
    page.evaluate("navigator.clipboard.writeText('one.jpg')")
    page.fill("#image_url", "https://photos.example.org/")
    page.keyboard.press("Control+V")
    assert page.input_value("#image_url") == "https://photos.example.org/one.jpg"


def test_an_empty_clipboard_and_a_blocked_one_have_different_messages(site: str, page: "Page") -> None:
    page.goto(site)
    page.click("[data-paste]")
    page.locator("text=does not let this page read the clipboard").wait_for()
    allow_clipboard(page)
    page.evaluate("navigator.clipboard.writeText('some text')")
    page.click("[data-paste]")
    page.locator("text=There is no picture or address in the clipboard").wait_for()


# --- the camera ------------------------------------------------------------------------------------------------------

FAKE_CAMERA = "--use-fake-device-for-media-stream"


@pytest.fixture
def camera_page(browser: "Browser", request: pytest.FixtureRequest) -> Iterator["Page"]:
    """A page of a browser with the flags of a camera."""
    flags = [*CHROMIUM_FLAGS, *request.param]
    with_camera = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    yield with_camera.new_page()
    with_camera.close()


@pytest.mark.parametrize("camera_page", [[FAKE_CAMERA, "--use-fake-ui-for-media-stream"]], indirect=True)
def test_a_photo_is_taken_previewed_and_sent(site: str, camera_page: "Page") -> None:
    page = camera_page
    page.goto(site)
    page.evaluate(
        """() => {
            const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            window.streams = [];
            navigator.mediaDevices.getUserMedia = async (constraints) => {
                const stream = await original(constraints);
                window.streams.push(stream);
                return stream;
            };
        }"""
    )
    page.focus("[data-camera]")
    assert page.evaluate("window.streams.length") == 0
    page.keyboard.press("Enter")
    page.locator("dialog[data-state=live]").wait_for()
    assert "matrix(-1" in page.locator("dialog video").evaluate("video => getComputedStyle(video).transform")
    page.keyboard.press("Enter")
    page.locator("dialog[data-state=taken]").wait_for()
    assert page.locator("dialog img").evaluate("image => getComputedStyle(image).transform") == "none"
    page.click("text=Retake")
    page.click("[data-action=take]")
    held: list[Route] = []
    page.route("**/*", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.click("text=Use photo")
    expect(page.locator(".row-name")).to_contain_text("Camera ")
    states = "given.flatMap((stream) => stream.getTracks()).every((track) => track.readyState === 'ended')"
    assert becomes_true(page, states, page.evaluate_handle("window.streams"))
    held[0].continue_()
    page.wait_for_url(RESULT)
    assert page.locator("h1").inner_text() == "No face found in this photo"


@pytest.mark.parametrize("camera_page", [[FAKE_CAMERA, "--use-fake-ui-for-media-stream"]], indirect=True)
def test_closing_releases_the_camera(site: str, camera_page: "Page") -> None:
    page = camera_page
    page.goto(site)
    page.click("[data-camera]")
    page.locator("dialog[data-state=live]").wait_for()
    track = page.evaluate_handle("document.querySelector('dialog video').srcObject.getTracks()[0]")
    page.keyboard.press("Escape")
    assert becomes_true(page, "given.readyState === 'ended'", track)
    assert page.evaluate("document.activeElement.dataset.camera") == ""
    assert page.locator("photo-row").count() == 0


@pytest.mark.parametrize(
    ("camera_page", "text"),
    [
        ([], "No camera was found"),
        ([FAKE_CAMERA, "--deny-permission-prompts"], "The camera is blocked"),
    ],
    indirect=["camera_page"],
)
def test_an_unavailable_camera_is_explained(site: str, camera_page: "Page", text: str) -> None:
    page = camera_page
    page.goto(site)
    page.click("[data-camera]")
    page.locator("dialog", has_text=text).wait_for()
    assert page.get_by_role("button", name="Try again").is_visible()


def test_a_phone_without_access_opens_its_own_camera(site: str, browser: "Browser", images: Path) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    context.add_init_script("delete Navigator.prototype.mediaDevices")
    page = context.new_page()
    page.goto(site)
    with page.expect_file_chooser() as chooser:
        page.tap("[data-camera]")
    chooser.value.set_files(images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    context.close()


def test_a_desktop_without_access_gets_an_explanation(site: str, browser: "Browser") -> None:
    context = browser.new_context()
    context.add_init_script("delete Navigator.prototype.mediaDevices")
    page = context.new_page()
    page.goto(site)
    page.click("[data-camera]")
    page.locator("dialog >> text=over HTTPS").wait_for()
    context.close()
