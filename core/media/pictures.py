"""Pictures as bytes: what is accepted, what is stripped, and how renditions are made. No database."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from core.kernel.errors import FieldError, Invalid, _

BYTES_LIMIT = 10 * 1024 * 1024
PIXEL_LIMIT = 40_000_000
WIDTHS = (320, 640, 1280)
_LONGEST = 2560
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif", "GIF": "image/gif"}


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture that is fit to be kept: upright, at most 2,560 pixels long, one frame, without metadata."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()


def refused(message: str, **facts: object) -> Invalid:
    """Return the refusal of an uploaded file."""
    return Invalid("media.refused", message, fields=(FieldError("file", message),), **facts)


def clean(data: bytes) -> CleanPicture:
    """Check an upload and strip what it says about its maker (place, camera). Slow: call it outside transactions.

    JPEG, PNG, WebP, AVIF and GIF (its first frame) by content, whatever the name says. Raise Invalid otherwise, above
    10 MB, or above 40 megapixels.
    """
    if len(data) > BYTES_LIMIT:
        raise refused(_("The picture is larger than 10 MB; save it smaller and try again"))
    try:
        picture = _opened(data)
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
        return _written(upright, "PNG" if picture.format == "GIF" else str(picture.format))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, UnidentifiedImageError):
        raise refused(_("This is not a picture that can be read; send a JPEG, PNG, WebP, AVIF or GIF")) from None


def _opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(io.BytesIO(data), formats=list(_TYPES))
        if picture.width * picture.height > PIXEL_LIMIT:
            raise refused(_("The picture has more than 40 megapixels; save it smaller and try again"))
        picture.verify()
        return Image.open(io.BytesIO(data), formats=list(_TYPES))


def _written(picture: Image.Image, kind: str) -> CleanPicture:
    if kind == "JPEG":
        picture = picture.convert("RGB")
    elif picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    profile = picture.info.get("icc_profile")
    picture.info = {}
    out = io.BytesIO()
    options: dict[str, object] = {} if kind == "PNG" else {"quality": 90}
    picture.save(out, kind, icc_profile=profile, **options)
    return CleanPicture(out.getvalue(), _TYPES[kind], picture.width, picture.height)


def rendition(data: bytes, width: int) -> bytes:
    """Return a picture as WebP, at most `width` pixels wide; never enlarged."""
    picture: Image.Image = Image.open(io.BytesIO(data), formats=list(_TYPES))
    if picture.width > width:
        picture = picture.resize((width, max(1, round(picture.height * width / picture.width))), reducing_gap=3.0)
    if picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()
