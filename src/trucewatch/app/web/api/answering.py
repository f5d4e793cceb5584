"""How the API answers: JSON made once for each view and question, with an ETag and links."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from trucewatch import __version__
from trucewatch.app.web.api.problems import Told
from trucewatch.bulletins.exports import dense
from trucewatch.errors import MissingExtra

try:
    from fastapi import Depends, Request, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trucewatch.app.web.site import Site
    from trucewatch.app.web.viewer import Viewer
    from trucewatch.app.web.views.view import View

JSON = "application/json"
GEOJSON = "application/geo+json"
HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, Cookie"}
READ = "read"
_TAG = re.compile(r'(?:W/)?"([^"]{0,200})"')
LONGEST_HEADER = 4000


class Asked:
    """One question to what one viewer may see; every route of the API begins with it.

    Who asks is looked up when it is needed, in the thread of the route. Raises Told: 403 where a
    token may not read, 400 where a parameter stands twice that may stand once, 406 where the
    caller takes none of what there is.
    """

    def __init__(self, request: Request) -> None:
        self.site: Site = request.app.state.site
        self.request = request

    @cached_property
    def viewer(self) -> Viewer:
        """Who asks."""
        viewer = self.site.viewer(self.request)
        if viewer.signed_in and not viewer.may(READ):
            raise Told(403, "This token may not read: ask for one with the scope 'read'.")
        return viewer

    @cached_property
    def view(self) -> View:
        """What they may see now; the same one until the answer is made."""
        return self.site.view(self.viewer)

    @property
    def query(self) -> str:
        """The query in one order, however it was written."""
        return urlencode(sorted(self.request.query_params.multi_items()))

    def once(self, *, many: frozenset[str] = frozenset()) -> None:
        """Hold every parameter but `many` to standing once: Told otherwise."""
        counts = Counter(name for name, _ in self.request.query_params.multi_items())
        if any(count > 1 for name, count in counts.items() if name not in many):
            raise Told(400, "A parameter stands twice in the query: give each once.")

    def bare(self) -> None:
        """Told (400) for any parameter: this address knows none."""
        if self.request.query_params:
            raise Told(400, "This address takes no parameters: leave them out.")

    def href(self, **changes: str | None) -> str:
        """This address with some parameters changed or, where None, left out."""
        kept = [(n, v) for n, v in self.request.query_params.multi_items() if n not in changes]
        kept += [(name, value) for name, value in changes.items() if value is not None]
        query = urlencode(kept)
        return self.request.url.path + (f"?{query}" if query else "")

    def answer(
        self,
        make: Callable[[], bytes],
        *,
        media: str = JSON,
        links: Mapping[str, str] | None = None,
        kept: bool = True,
    ) -> Response:
        """The answer, or 304 where the caller has it; `make` gives its bytes.

        With `kept` the bytes are made once for each view and question: they may hang on nothing but
        these.
        """
        self.accepts(media)
        headers = {**HEADERS, "ETag": self.tag()}
        if links:
            headers["Link"] = ", ".join(f'<{href}>; rel="{rel}"' for rel, href in links.items())
        if self.known():
            return Response(status_code=304, headers=headers)
        key = f"api {self.request.url.path}?{self.query}"
        body = self.view.kept(key, make) if kept else make()
        return Response(body, media_type=media, headers=headers)

    def tag(self) -> str:
        """A weak ETag: what the viewer sees, the question, and the version that answers.

        Weak, as the bytes on the line may be packed in more ways than one.
        """
        parts = (self.view.digest, __version__, str(self.request.base_url), self.query)
        whole = json.dumps([*parts, self.request.url.path]).encode()
        return f'W/"{hashlib.sha256(whole).hexdigest()[:32]}"'

    def known(self) -> bool:
        """Whether the caller already has what would be answered."""
        given = self.request.headers.get("if-none-match", "")[:LONGEST_HEADER]
        mine = self.tag().removeprefix("W/").strip('"')
        return given.strip() == "*" or mine in _TAG.findall(given)

    def accepts(self, media: str) -> None:
        """Told (406) where the caller takes nothing of this media type."""
        wanted = self.request.headers.get("accept", "")[:LONGEST_HEADER]
        mine = media.partition(";")[0]
        ranges = {"*/*", f"{mine.partition('/')[0]}/*", mine}
        if mine.endswith("+json"):
            ranges.add(JSON)
        taken = [one.strip() for one in wanted.split(",") if one.strip()]
        names = {one.partition(";")[0].strip().lower() for one in taken if not _refused(one)}
        if taken and not names & ranges:
            raise Told(406, f"There is this as {mine} alone: ask with 'Accept: {mine}'.")


def _refused(one: str) -> bool:
    """Whether a media range is named only to say that it is not wanted."""
    return re.search(r";\s*q=0(?:\.0{0,3})?\s*(?:;|$)", one) is not None


async def asked(request: Request) -> Asked:
    """What every route of the API begins with; it waits for nothing."""
    return Asked(request)


Asking = Annotated[Asked, Depends(asked)]


def whole(value: Mapping[str, Any] | list[Any]) -> bytes:
    """A value as the bytes of an answer."""
    return dense(value)
