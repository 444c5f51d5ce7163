"""The ways a photo comes in besides choosing it: dropped, pasted, taken with the camera."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import comes_true
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, JSHandle, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT = "**/results/*-*/"
CARRY = """([files, texts]) => {
    const carried = new DataTransfer();
    for (const [name, type, bytes] of files) carried.items.add(new File([new Uint8Array(bytes)], name, { type }));
    for (const [type, text] of texts) carried.setData(type, text);
    return carried;
}"""


def carried(page: "Page", *photos: Path, link: str = "", text: str = "") -> "JSHandle":
    """What a mouse or a clipboard carries."""
    files = [[photo.name, "image/jpeg", list(photo.read_bytes())] for photo in photos]
    texts = [[kind, words] for kind, words in (("text/uri-list", link), ("text/plain", text)) if words]
    return page.evaluate_handle(CARRY, [files, texts])


def names(page: "Page") -> list[str]:
    return page.locator("photo-row .row-name").all_inner_texts()


# --- dropping --------------------------------------------------------------------------------------------------------


def test_photos_dropped_anywhere_are_looked_at_first(
    site: str, page: "Page", images: Path, complaints: list[str]
) -> None:
    page.goto(site)
    photos = carried(page, images / "astronaut.jpg", images / "rocket.jpg")
    page.dispatch_event(".site-footer", "drop", {"dataTransfer": photos})
    page.locator("text=Find the points in 2 photos").wait_for()
    assert names(page) == ["astronaut.jpg", "rocket.jpg"]
    page.dispatch_event("h1", "drop", {"dataTransfer": carried(page, images / "two_people.jpg")})
    page.click("text=Find the points in 3 photos")
    page.locator("text=Sent 3 of 3").wait_for()
    assert complaints == []


def test_the_window_shows_that_it_takes_what_is_dragged(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    photo = carried(page, images / "astronaut.jpg")
    marked = page.locator("html.is-dropping")
    page.dispatch_event("body", "dragenter", {"dataTransfer": photo})
    page.dispatch_event("h1", "dragenter", {"dataTransfer": photo})
    page.dispatch_event("body", "dragleave", {"dataTransfer": photo})
    assert marked.count() == 1
    page.dispatch_event("h1", "dragleave", {"dataTransfer": photo})
    assert marked.count() == 0
    page.dispatch_event("h1", "dragenter", {"dataTransfer": carried(page, text="some words")})
    assert marked.count() == 0


def test_a_picture_of_the_page_itself_is_not_taken(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    photo = carried(page, images / "astronaut.jpg")
    page.dispatch_event(".promise img", "dragstart", {"dataTransfer": photo})
    page.dispatch_event("h1", "dragenter", {"dataTransfer": photo})
    assert page.locator("html.is-dropping").count() == 0
    page.dispatch_event(".promise img", "dragend", {"dataTransfer": photo})
    page.dispatch_event("h1", "dragenter", {"dataTransfer": photo})
    assert page.locator("html.is-dropping").count() == 1


def test_a_folder_gives_its_photos_alone(site: str, page: "Page") -> None:
    page.goto(site)
    page.evaluate(
        """() => {
            const file = (name, type) => ({ name, file: (done) => done(new File(["x"], name, { type })) });
            const folder = (name, ...children) => ({
                name,
                isDirectory: true,
                createReader: () => ({ readEntries: (done) => done(children.splice(0, 2)) }),
            });
            const inner = folder("inner", file("photo-2.JPG", ""), file("notes.txt", "text/plain"));
            const root = folder("root", file("photo-10.png", "image/png"), file(".hidden.jpg", "image/jpeg"), inner);
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


def test_a_dropped_link_goes_to_the_address_field(site: str, page: "Page") -> None:
    page.goto(site)
    link = "https://photos.example.org/one.jpg"
    page.dispatch_event("h1", "drop", {"dataTransfer": carried(page, link=link)})
    assert page.input_value("#image_url") == link
    assert page.evaluate("document.activeElement.id") == "image_url"
    page.dispatch_event("h1", "drop", {"dataTransfer": carried(page, link="mailto:someone@example.org")})
    assert page.locator("[data-status]").inner_text() == "This link is not a web address."


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


@pytest.mark.parametrize("deed", ["keys", "button"])
def test_a_picture_is_pasted(site: str, page: "Page", complaints: list[str], deed: str) -> None:
    page.goto(site)
    allow_clipboard(page)
    copy_picture(page)
    if deed == "keys":
        page.keyboard.press("Control+V")
    else:
        page.click("[data-paste]")
    row = page.locator("photo-row")
    row.locator("img.is-shown").wait_for()
    assert row.locator(".row-name").inner_text().startswith("Pasted ")
    assert "640 × 480" in row.inner_text()
    page.click("text=Find the points")
    page.wait_for_url(RESULT)
    assert page.locator(".close-up svg.overlay use").count() == 90
    assert complaints == []


@pytest.mark.parametrize("deed", ["keys", "button"])
def test_an_address_is_pasted_into_its_field(site: str, page: "Page", deed: str) -> None:
    page.goto(site)
    allow_clipboard(page)
    page.evaluate("navigator.clipboard.writeText(' https://photos.example.org/one.jpg\\n')")
    if deed == "keys":
        page.keyboard.press("Control+V")
    else:
        page.click("[data-paste]")
    expect(page.locator("#image_url")).to_be_focused()
    assert page.input_value("#image_url") == "https://photos.example.org/one.jpg"


def test_what_is_pasted_into_a_field_stays_as_it_is(site: str, page: "Page") -> None:
    page.goto(site)
    allow_clipboard(page)
    page.evaluate("navigator.clipboard.writeText('one.jpg')")
    page.fill("#image_url", "https://photos.example.org/")
    page.keyboard.press("Control+V")
    assert page.input_value("#image_url") == "https://photos.example.org/one.jpg"


def test_a_clipboard_without_photos_and_a_closed_one_are_told_apart(site: str, page: "Page") -> None:
    page.goto(site)
    page.click("[data-paste]")
    page.locator("text=does not let this page read the clipboard").wait_for()
    allow_clipboard(page)
    page.evaluate("navigator.clipboard.writeText('some words')")
    page.click("[data-paste]")
    page.locator("text=There is no picture or address in the clipboard").wait_for()


# --- the camera ------------------------------------------------------------------------------------------------------

FAKE_CAMERA = "--use-fake-device-for-media-stream"


@pytest.fixture
def camera_page(browser: "Browser", request: pytest.FixtureRequest) -> Iterator["Page"]:
    """A page of a browser with the camera that it is given, in a state that a person may meet."""
    flags = [*CHROMIUM_FLAGS, *request.param]
    with_camera = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    yield with_camera.new_page()
    with_camera.close()


@pytest.mark.parametrize("camera_page", [[FAKE_CAMERA, "--use-fake-ui-for-media-stream"]], indirect=True)
def test_a_photo_is_taken_seen_and_sent(site: str, camera_page: "Page") -> None:
    page = camera_page
    page.goto(site)
    page.evaluate(
        """() => {
            const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            window.streams = [];
            navigator.mediaDevices.getUserMedia = async (asked) => {
                const stream = await given(asked);
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
    page.click("text=Use photo")
    assert page.locator(".row-name").inner_text().startswith("Camera ")
    assert page.evaluate("document.activeElement.dataset.queue") == "find"
    states = "window.streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState))"
    assert page.evaluate(states) == ["ended"]
    page.keyboard.press("Enter")
    page.wait_for_url(RESULT)
    assert page.locator("h1").inner_text() == "No face found in this photo"


@pytest.mark.parametrize("camera_page", [[FAKE_CAMERA, "--use-fake-ui-for-media-stream"]], indirect=True)
def test_closing_lets_the_camera_go(site: str, camera_page: "Page") -> None:
    page = camera_page
    page.goto(site)
    page.click("[data-camera]")
    page.locator("dialog[data-state=live]").wait_for()
    track = page.evaluate_handle("document.querySelector('dialog video').srcObject.getTracks()[0]")
    page.keyboard.press("Escape")
    assert comes_true(page, "given.readyState === 'ended'", track)
    assert page.evaluate("document.activeElement.dataset.camera") == ""
    assert page.locator("photo-row").count() == 0


@pytest.mark.parametrize(
    ("camera_page", "words"),
    [
        ([], "No camera was found"),
        ([FAKE_CAMERA, "--deny-permission-prompts"], "The camera is blocked"),
    ],
    indirect=["camera_page"],
)
def test_a_camera_that_cannot_be_had_is_told(site: str, camera_page: "Page", words: str) -> None:
    page = camera_page
    page.goto(site)
    page.click("[data-camera]")
    page.locator("dialog", has_text=words).wait_for()
    assert page.get_by_role("button", name="Try again").is_visible()


def test_a_phone_without_access_opens_its_own_camera(site: str, browser: "Browser", images: Path) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    context.add_init_script("delete Navigator.prototype.mediaDevices")
    page = context.new_page()
    page.goto(site)
    with page.expect_file_chooser() as chooser:
        page.tap("[data-camera]")
    chooser.value.set_files(images / "astronaut.jpg")
    assert names(page) == ["astronaut.jpg"]
    context.close()


def test_a_desk_without_access_is_told_why(site: str, browser: "Browser") -> None:
    context = browser.new_context()
    context.add_init_script("delete Navigator.prototype.mediaDevices")
    page = context.new_page()
    page.goto(site)
    page.click("[data-camera]")
    page.locator("dialog >> text=over HTTPS").wait_for()
    context.close()
