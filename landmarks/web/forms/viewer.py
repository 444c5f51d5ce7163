"""What the viewer shows, as given by the query of a result's page."""

from django import forms

from landmarks.http.query_fields import FactorField
from landmarks.http.style_query import NO_SUCH_FACE, StyleForm

LARGEST_ZOOM = 64.0
PANELS = {"response": "Response", "request": "Request", "table": "Table", "curl": "curl", "python": "Python"}
"""What stands below the photo as text, one at a time."""


class ViewerForm(StyleForm):
    """The query of a result's page: also the face in the close-up, and the zoom that the overlay is drawn for."""

    face = forms.ChoiceField(required=False, error_messages={"invalid_choice": NO_SUCH_FACE})
    zoom = FactorField("zoom", 1.0, LARGEST_ZOOM)

    def panel(self) -> str:
        """Which of the texts below the photo is open; an unknown one opens the first."""
        panel = self.data.get("panel", "")
        return panel if panel in PANELS else next(iter(PANELS))

    def face_number(self) -> int:
        return int(self.cleaned_data["face"] or 1)
