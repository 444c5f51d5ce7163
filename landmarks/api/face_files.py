"""Crops, masks and polygons of one face, and the photo with its faces blurred, by token."""

from typing import TypeVar
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query
from ninja.decorators import decorate_view

from landmarks.api.conditional import conditional, etag_of
from landmarks.api.file_operations import file_operation, unless_known
from landmarks.api.request_schemas import CropQuery, MaskQuery
from landmarks.api.result_router import ERRORS, NOT_FOUND, find_result, router
from landmarks.api.schemas import ErrorBody, FaceGeometry
from landmarks.core.errors import RequestInvalid
from landmarks.drawing.blur import outline_of
from landmarks.drawing.region_masks import NUMBERS
from landmarks.http.crop_query import CropForm, MaskForm
from landmarks.http.file_responses import CROP_MATRIX, JPEG, PNG, as_file
from landmarks.http.query_fields import first_error
from landmarks.services import face_pictures

FACE = "/api/results/{uuid:id}/faces/{int:number}"
DIGITS = 3

AnyForm = TypeVar("AnyForm", bound=CropForm)


@file_operation(f"{FACE}/crop.png", PNG, id="cropFace", name="face-crop", summary="Cut out a face")
def face_crop(request: HttpRequest, id: UUID, number: int, query: Query[CropQuery]) -> HttpResponseBase:
    """A square around the face, with the eyes level; black where it reaches beyond the photo."""
    result = find_result(request, id)
    cropped = face_pictures.crop_of(result, number, valid(CropForm(request.GET)).crop())
    tag = etag_of(PNG, str(result.photo_id), str(cropped.crop), cropped.matrix_text)

    def make() -> HttpResponseBase:
        response = HttpResponse(face_pictures.render_crop(result, cropped), content_type=PNG)
        response.headers[CROP_MATRIX] = cropped.matrix_text
        return as_file(request, result, response, f"-face-{number}.png")

    return unless_known(request, tag, make)


@file_operation(f"{FACE}/mask.png", PNG, id="maskFace", name="face-mask", summary="Draw regions as a mask")
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


@file_operation(
    "/api/results/{uuid:id}/blurred.jpg",
    JPEG,
    id="blurFaces",
    name="blurred",
    summary="Read the photo with its faces blurred",
)
def blurred_photo(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Nothing but a few mean colours is left of each head. Only faces that were found are blurred."""
    result = find_result(request, id)
    tag = etag_of(JPEG, str(result.photo_id), str([outline_of(face) for face in result.found_faces()]))

    def make() -> HttpResponseBase:
        response = FileResponse(face_pictures.render_blurred(result), content_type=JPEG)
        return as_file(request, result, response, "-blurred.jpg")

    return unless_known(request, tag, make)


def valid(form: AnyForm) -> AnyForm:
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=first_error(form))
    return form
