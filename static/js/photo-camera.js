// Takes a photo with the camera, which is asked for by a click only and let go as soon as the dialog closes.

const opener = document.querySelector("[data-camera]");
const dialog = document.querySelector("[data-camera-dialog]");
const video = dialog.querySelector("video");
const still = dialog.querySelector("img");
const words = dialog.querySelector("[data-camera-words]");
const devices = navigator.mediaDevices;
const WORDS = {
  NotAllowedError: "The camera was refused. Allow it beside the address of this page, then try again.",
  NotFoundError: "There is no camera here. Choose a photo instead.",
  NotReadableError: "Another program uses the camera. Close that, then try again.",
  InsecureError: "Browsers give the camera to pages over HTTPS or on this computer only. Choose a photo instead.",
};
let stream = null;
let photo = null;

// States: opening, live, taken, failed.
const show = (state, text = "") => {
  dialog.dataset.state = state;
  words.textContent = text;
  for (const part of dialog.querySelectorAll("[data-in]")) part.hidden = !part.dataset.in.split(" ").includes(state);
  (dialog.querySelector(".filled:not([hidden])") ?? dialog.querySelector("button")).focus();
};

const letGo = (given) => given?.getTracks().forEach((track) => track.stop());

const stop = () => {
  letGo(stream);
  stream = null;
  photo = null;
  video.srcObject = null;
  still.removeAttribute("src");
};

const start = async () => {
  if (!devices?.getUserMedia) return show("failed", WORDS.InsecureError);
  show("opening", "Waiting for the camera …");
  try {
    const given = await devices.getUserMedia({ video: { facingMode: "user", width: { ideal: 1920 } }, audio: false });
    // Closed, or closed and opened anew, while the browser was still asking.
    if (!dialog.open || stream) return letGo(given);
    stream = given;
    video.srcObject = stream;
    await video.play();
    show("live");
  } catch (error) {
    if (dialog.open) show("failed", WORDS[error.name] ?? "The camera gave no picture. Choose a photo instead.");
  }
};

// The preview is a mirror, as people know themselves; the photo is not.
const take = async () => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
  const moment = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  photo = new File([blob], `Camera ${moment}.jpg`, { type: "image/jpeg" });
  URL.revokeObjectURL(still.src);
  still.src = URL.createObjectURL(photo);
  show("taken", "This is what will be sent: not mirrored.");
};

const send = (files) => document.dispatchEvent(new CustomEvent("photos-chosen", { detail: files }));
const use = () => {
  send([photo]);
  dialog.close();
  document.querySelector("[data-queue=find]").focus();
};

// A phone has its own camera, also for pages that may not use it.
const borrow = () => {
  const field = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  field.setAttribute("capture", "user");
  field.addEventListener("change", () => send([...field.files]));
  field.click();
};

opener.hidden = false;
opener.addEventListener("click", () => {
  if (!devices?.getUserMedia && matchMedia("(pointer: coarse)").matches) return borrow();
  dialog.showModal();
  return start();
});
dialog.addEventListener("close", stop);
dialog.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  const deeds = { take, use, retake: () => show("live"), again: start, close: () => dialog.close() };
  deeds[act]?.();
});
