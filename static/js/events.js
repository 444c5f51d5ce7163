// The custom events of the viewer: who sends them and who listens. Those of uploads are in upload-events.js.
//
// name                 target                detail              sent by          heard by
// photo-zoomed         the stage                                 photo-zoom       overlay-scale, points,
//                                                                                 measures
// overlay-restyled     stage and close-up                        viewer           overlay-scale, points
// overlay-too-coarse   the stage                                 overlay-scale    viewer
// face-chosen          the stage             its number          faces            viewer
// parts-replaced       the stage             names of the parts  viewer           photo-zoom, points,
//                                                                                 faces, measures

export const PHOTO_ZOOMED = "photo-zoomed";
export const OVERLAY_RESTYLED = "overlay-restyled";
export const OVERLAY_TOO_COARSE = "overlay-too-coarse";
export const FACE_CHOSEN = "face-chosen";
export const PARTS_REPLACED = "parts-replaced";

export const send = (target, name, detail) => target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
