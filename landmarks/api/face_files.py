"""Crops, masks and polygons of one face, and the photo with its faces blurred, by token."""

from typing import TypeVar
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query
from ninja.decorators import decorate_view

from landmarks.api.conditional import conditional, etag_of, not_modified, with_etag
from landmarks.api.request_schemas import CropQuery, MaskQuery
from landmarks.api.result_files import content
from landmarks.api.result_router import ERRORS, NOT_FOUND, find_result, router
from landmarks.api.schemas import ErrorBody, FaceGeometry
from landmarks.core.errors import NotFound, RequestInvalid
from landmarks.drawing.blur import outline_of
from landmarks.drawing.region_masks import NUMBERS
from landmarks.http.crop_query import CropForm, MaskForm
from landmarks.http.file_responses import CROP_MATRIX, JPEG, PNG, as_file
from landmarks.http.query_fields import first_error
from landmarks.services import face_pictures
from landmarks.storage import files

FACE = "/api/results/{uuid:id}/faces/{int:number}"
DIGITS = 3

AnyForm = TypeVar("AnyForm", bound=CropForm)


@router.api_operation(
    ["GET", "HEAD"],
    f"{FACE}/crop.png",
    response={200: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="cropFace",
    summary="Cut out a face",
    url_name="face-crop",
    openapi_extra=content(PNG),
)
def face_crop(request: HttpRequest, id: UUID, number: int, query: Query[CropQuery]) -> HttpResponseBase:
    """A square around the face, with the eyes level; black where it reaches beyond the photo."""
    result = find_result(request, id)
    cropped = face_pictures.crop_of(result, number, valid(CropForm(request.GET)).crop())
    tag = etag_of(PNG, str(result.photo_id), str(cropped.crop), cropped.matrix_text)
    if unchanged := not_modified(request, tag):
        return unchanged
    try:
        response = HttpResponse(face_pictures.render_crop(result, cropped), content_type=PNG)
    except files.FileMissing as exc:
        raise NotFound("file_missing") from exc
    response.headers[CROP_MATRIX] = cropped.matrix_text
    return with_etag(as_file(request, result, response, f"-face-{number}.png"), tag)


@router.api_operation(
    ["GET", "HEAD"],
    f"{FACE}/mask.png",
    response={200: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="maskFace",
    summary="Draw regions as a mask",
    url_name="face-mask",
    openapi_extra=content(PNG),
)
@decorate_view(conditional)
def face_mask(request: HttpRequest, id: UUID, number: int, query: Query[MaskQuery]) -> HttpResponseBase:
    """Pixels are numbers of regions, from 1 on in their usual order, with their colours as palette; 0 is the rest."""
    result = find_result(request, id)
    form = valid(MaskForm(request.GET))
    face = face_pictures.face_of(result, number)
    mask = face_pictures.render_mask(result, face, form.chosen_regions(), form.chosen_crop())
    return as_file(request, result, HttpResponse(mask, content_type=PNG), f"-face-{number}-mask.png")


@router.api_operation(
    ["GET", "HEAD"],
    f"{FACE}/geometry",
    response={200: FaceGeometry, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="readGeometry",
    summary="Read polygons and the matrix of a crop",
    url_name="face-geometry",
)
@decorate_view(conditional)
def face_geometry(request: HttpRequest, id: UUID, number: int, query: Query[MaskQuery]) -> dict[str, object]:
    """The areas of the mask as polygons, and the crop of that size and margin."""
    result = find_result(request, id)
    form = valid(MaskForm(request.GET))
    cropped = face_pictures.crop_of(result, number, form.crop())
    polygons = face_pictures.polygons_of(cropped.face, form.chosen_regions())
    return {
        "number": number,
        "size": cropped.crop.size,
        "margin": cropped.crop.margin,
        "matrix": cropped.matrix,
        "polygons": {
            region: {"value": NUMBERS[region], "points": [(round(x, DIGITS), round(y, DIGITS)) for x, y in polygon]}
            for region, polygon in polygons.items()
        },
    }


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results/{uuid:id}/blurred.jpg",
    response={200: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="blurFaces",
    summary="Read the photo with its faces blurred",
    url_name="blurred",
    openapi_extra=content(JPEG),
)
def blurred_photo(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Nothing but a few mean colours is left of each head. Only faces that were found are blurred."""
    result = find_result(request, id)
    tag = etag_of(JPEG, str(result.photo_id), str([outline_of(face) for face in result.found_faces()]))
    if unchanged := not_modified(request, tag):
        return unchanged
    try:
        response = FileResponse(face_pictures.render_blurred(result), content_type=JPEG)
    except files.FileMissing as exc:
        raise NotFound("file_missing") from exc
    return with_etag(as_file(request, result, response, "-blurred.jpg"), tag)


def valid(form: AnyForm) -> AnyForm:
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=first_error(form))
    return form
