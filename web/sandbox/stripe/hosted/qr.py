"""A picture where WeChat Pay shows its QR code: the same pattern for the same payment, and not a code to
scan."""

import base64
import hashlib
import struct
import zlib

_SIDE = 21
_SCALE = 6
_MARGIN = 2


def _cells(seed: str) -> list[list[bool]]:
    bits = "".join(f"{byte:08b}" for round_ in range(2) for byte in hashlib.sha256(f"{seed}{round_}".encode()).digest())
    grid = [[bits[(row * _SIDE + column) % len(bits)] == "1" for column in range(_SIDE)] for row in range(_SIDE)]
    for top, left in ((0, 0), (0, _SIDE - 7), (_SIDE - 7, 0)):
        for row in range(7):
            for column in range(7):
                ring = max(abs(row - 3), abs(column - 3))
                grid[top + row][left + column] = ring != 2
    return grid


def png(seed: str) -> bytes:
    """Draw the pattern as a grey PNG."""
    blank = [False] * (_SIDE + 2 * _MARGIN)
    edge = [False] * _MARGIN
    rows = [blank] * _MARGIN + [[*edge, *row, *edge] for row in _cells(seed)] + [blank] * _MARGIN
    size = len(blank) * _SCALE
    lines = b"".join((b"\0" + b"".join((b"\0" if cell else b"\xff") * _SCALE for cell in row)) * _SCALE for row in rows)
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND")


def svg(seed: str) -> bytes:
    """Draw the pattern as SVG."""
    size = _SIDE + 2 * _MARGIN
    path = "".join(
        f"M{column + _MARGIN} {row + _MARGIN}h1v1h-1z"
        for row, cells in enumerate(_cells(seed))
        for column, cell in enumerate(cells)
        if cell
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    ).encode()


def data_url(seed: str) -> str:
    """Give the PNG as a data URL."""
    return "data:image/png;base64," + base64.b64encode(png(seed)).decode()


def _chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
