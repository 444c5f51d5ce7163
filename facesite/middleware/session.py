"""Sessions, and the move from the plain cookie name to the one with a prefix, in which no visitor loses the history."""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from facesite.sessions import PLAIN_NAME, plain_session


class RenamingSessionMiddleware(SessionMiddleware):
    """Django's, which reads a session of the plain name once, and stores it under the new one."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        names = request.COOKIES
        if settings.SESSION_COOKIE_NAME in names or PLAIN_NAME not in names:
            return
        if session := plain_session(names[PLAIN_NAME]):
            request.session.update(session)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        super().process_response(request, response)
        is_renamed = settings.SESSION_COOKIE_NAME != PLAIN_NAME and PLAIN_NAME in request.COOKIES
        # Not with an error that stored nothing.
        if is_renamed and settings.SESSION_COOKIE_NAME in response.cookies:
            response.delete_cookie(PLAIN_NAME, samesite=settings.SESSION_COOKIE_SAMESITE)
        return response
