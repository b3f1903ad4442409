"""Files that are handed in as evidence; only what they are is kept, not their bytes."""

from web.sandbox.stripe.errors import invalid
from web.sandbox.stripe.params import EXPAND, choice, text
from web.sandbox.stripe.session import Call, Route, new_id
from web.sandbox.stripe.wire import Document

_TYPES = ("pdf", "jpg", "jpeg", "png")
_LARGEST_BYTES = 5 * 1024 * 1024


def create(call: Call) -> Document:
    """Take a file in."""
    session = call.session
    name, _, content = call.params["file"].partition("\n")
    type_ = name.rpartition(".")[2].lower()
    if type_ not in _TYPES:
        raise invalid("Evidence is a PDF, JPEG or PNG file.", param="file")
    if not 0 < len(content) <= _LARGEST_BYTES:
        raise invalid("The file is empty or larger than 5 MB.", param="file")
    id_ = new_id("file")
    return session.insert(
        {
            "id": id_,
            "object": "file",
            "created": session.now(),
            "expires_at": None,
            "filename": name,
            "links": {"object": "list", "data": [], "has_more": False, "url": f"/v1/file_links?file={id_}"},
            "purpose": call.params["purpose"],
            "size": len(content),
            "title": None,
            "type": type_,
            "url": None,
        }
    )


def retrieve(call: Call) -> Document:
    """Read what a file is."""
    return call.session.get("file", call.id)


ROUTES = (
    Route(
        "POST", "/v1/files", {**EXPAND, "file": text, "purpose": choice("dispute_evidence")}, create,
        required=("file", "purpose"),
    ),
    Route("GET", "/v1/files/{file}", EXPAND, retrieve),
)  # fmt: skip
