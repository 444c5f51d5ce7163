// The custom events of uploads: who sends them and who listens.
//
// name                 target                detail              sent by          heard by
// row-changed          a row, or the list                        upload-row,      upload-progress,
//                                                                upload-list      upload-queue
// photos-given         the card that sends   files, or an        dropped          upload-list
//                      photos                address; a remark

export const ROW_CHANGED = "row-changed";
export const PHOTOS_GIVEN = "photos-given";

export { send } from "./events.js";
