// The custom events of the pages: who sends them and who listens.
//
// name                 target                detail              sent by          heard by
// photo-zoomed         the stage                                 photo-zoom       overlay-scale, points,
//                                                                                 measures
// overlay-restyled     stage and close-up                        viewer           overlay-scale, points
// overlay-too-coarse   the stage                                 overlay-scale    viewer
// face-chosen          the stage             its number          faces            viewer
// parts-replaced       the stage             names of the parts  viewer           photo-zoom, points,
//                                                                                 faces, measures
// row-changed          a row, or the list                        upload-row,      upload-progress,
//                                                                upload-list      upload-queue
// photos-given         the card that sends   files, or an        dropped          upload-list
//                      photos                address; a remark

export const PHOTO_ZOOMED = "photo-zoomed";
export const OVERLAY_RESTYLED = "overlay-restyled";
export const OVERLAY_TOO_COARSE = "overlay-too-coarse";
export const FACE_CHOSEN = "face-chosen";
export const PARTS_REPLACED = "parts-replaced";
export const ROW_CHANGED = "row-changed";
export const PHOTOS_GIVEN = "photos-given";

export const send = (target, name, detail) => target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
