// Takes a photo with the camera, which is opened only on a click and released as soon as the dialog closes.

import { addFiles } from "./upload-list.js";

const openButton = document.querySelector("[data-camera]");
const dialog = document.querySelector("[data-camera-dialog]");
const video = dialog.querySelector("video");
const preview = dialog.querySelector("img");
const text = dialog.querySelector("[data-camera-text]");
const devices = navigator.mediaDevices;
const MESSAGES = {
  NotAllowedError: "The camera is blocked. Allow it next to the address of this page, then try again.",
  NotFoundError: "No camera was found. Choose a photo instead.",
  NotReadableError: "Another program is using the camera. Close it, then try again.",
  InsecureError: "Browsers open the camera only for pages over HTTPS or on this computer. Choose a photo instead.",
};
let stream = null;
let photo = null;

// States: opening, live, taken, failed.
const show = (state, message = "") => {
  dialog.dataset.state = state;
  text.textContent = message;
  for (const part of dialog.querySelectorAll("[data-states]")) {
    part.hidden = !part.dataset.states.split(" ").includes(state);
  }
  (dialog.querySelector(".filled:not([hidden])") ?? dialog.querySelector("button")).focus();
};

const release = (camera) => camera?.getTracks().forEach((track) => track.stop());

const stop = () => {
  release(stream);
  stream = null;
  photo = null;
  video.srcObject = null;
  preview.removeAttribute("src");
};

const start = async () => {
  if (!devices?.getUserMedia) return show("failed", MESSAGES.InsecureError);
  show("opening", "Waiting for the camera …");
  try {
    const camera = await devices.getUserMedia({ video: { facingMode: "user", width: { ideal: 1920 } }, audio: false });
    // The dialog may have been closed, or closed and opened again, while the browser was requesting permission.
    if (!dialog.open || stream) return release(camera);
    stream = camera;
    video.srcObject = stream;
    await video.play();
    show("live");
  } catch (error) {
    if (dialog.open) show("failed", MESSAGES[error.name] ?? "The camera shows no picture. Choose a photo instead.");
  }
};

// The preview is mirrored, as people know themselves; the photo is not.
const take = async () => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
  const time = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  photo = new File([blob], `Camera ${time}.jpg`, { type: "image/jpeg" });
  URL.revokeObjectURL(preview.src);
  preview.src = URL.createObjectURL(photo);
  show("taken", "This photo will be sent. It is not mirrored.");
};

const use = async () => {
  await addFiles([photo]);
  dialog.close();
};

// A phone has a camera app, also for pages that may not open the camera.
const openCameraApp = () => {
  const field = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  field.setAttribute("capture", "user");
  field.addEventListener("change", () => addFiles([...field.files]));
  field.click();
};

const actions = { take, use, retake: () => show("live"), start, close: () => dialog.close() };

openButton.hidden = false;
openButton.addEventListener("click", () => {
  if (!devices?.getUserMedia && matchMedia("(pointer: coarse)").matches) return openCameraApp();
  dialog.showModal();
  return start();
});
dialog.addEventListener("close", stop);
dialog.addEventListener("click", ({ target }) => actions[target.closest("[data-action]")?.dataset.action]?.());
