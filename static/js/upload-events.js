// The custom events of uploads: who sends them and who listens.
//
// name                 target                detail              sent by             heard by
// row-changed          a row, or the list                        upload-row,         upload-progress,
//                                                                upload-list         upload-queue
// photos-given         the form that takes   files, or an        dropped             upload-list,
//                      photos                address; a remark                       collection-upload
// collection-changed   the form that adds                        collection-upload   collection
//                      photos to it

export const ROW_CHANGED = "row-changed";
export const PHOTOS_GIVEN = "photos-given";
export const COLLECTION_CHANGED = "collection-changed";

export { send } from "./events.js";
