"""Charts drawn as SVG on the server: coloured by CSS classes and read aloud through a real table.

Values are plain numbers in the unit shown; callers turn minor units into what they show. The first series is
the one that matters; in a line chart the second is the dashed comparison. Past five, group into "other".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import flask_babel
from flask_babel import gettext as _
from markupsafe import Markup

Number = int | float | Decimal
MOST_SERIES = 5
_LABELS_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values, one for each label."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plane of one drawing, in pixels, and the scale of its values."""

    width: int
    height: int
    ticks: Sequence[float]
    count: int
    left: int = 46
    right: int = 8
    top: int = 10
    bottom: int = 24

    def x(self, index: float) -> float:
        return self.left + index * (self.width - self.left - self.right) / max(self.count - 1, 1)

    def slot(self, index: int) -> tuple[float, float]:
        """Return where the index-th of `count` equal slots starts, and how wide it is."""
        width = (self.width - self.left - self.right) / max(self.count, 1)
        return self.left + index * width, width

    def y(self, value: Number) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.top + (high - float(value)) / (high - low) * (self.height - self.top - self.bottom)


_Drawing = Callable[[_Frame], Markup]


def nice_ticks(low: Number, high: Number, count: int = 4) -> list[float]:
    """Return about `count` round steps that cover low to high."""
    span = float(high) - float(low) or 1.0
    magnitude = 10 ** math.floor(math.log10(span / count))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= span / count - 1e-9)
    first = math.floor(float(low) / step)
    last = math.ceil(float(high) / step - 1e-9)
    return [round(index * step, 10) for index in range(first, max(last, first + 1) + 1)]


def _written(value: Number, unit: str) -> str:
    return f"{flask_babel.format_decimal(value)}{unit}"


def _tick(value: float, unit: str) -> str:
    short = abs(value) >= 10_000
    locale = flask_babel.get_locale() or flask_babel.Locale("en")
    text = flask_babel.numbers.format_compact_decimal(value, locale=locale, fraction_digits=1) if short else None
    return f"{text or flask_babel.format_decimal(value)}{unit}"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _grid(frame: _Frame, unit: str) -> Markup:
    rows = []
    for tick in frame.ticks:
        y = f"{frame.y(tick):.1f}"
        line = Markup('<line class="grid-line" x1="{}" x2="{}" y1="{}" y2="{}"/>')
        text = Markup('<text x="{}" y="{}" dy=".35em" text-anchor="end">{}</text>')
        rows.append(line.format(frame.left, frame.width - frame.right, y, y))
        rows.append(text.format(frame.left - 8, y, _tick(tick, unit)))
    return Markup("").join(rows)


def _axis(frame: _Frame, labels: Sequence[str], at: Callable[[int], float]) -> Markup:
    """Write at most six labels below the plane, fewer on a narrow drawing."""
    fit = _LABELS_AT_MOST if frame.width > 500 else 4
    every = max(math.ceil(len(labels) / fit), 1)
    text = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    shown = [text.format(at(index), frame.height - 4, labels[index]) for index in range(0, len(labels), every)]
    return Markup("").join(shown)


def _table(title: str, labels: Sequence[str], series: Sequence[Series], unit: str) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one.name) for one in series)
    rows = []
    for index, label in enumerate(labels):
        cells = Markup("").join(Markup("<td>{}</td>").format(_written(one.values[index], unit)) for one in series)
        rows.append(Markup('<tr><th scope="row">{}</th>{}</tr>').format(label, cells))
    return Markup(
        '<table class="vh"><caption>{}</caption><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(title, head, Markup("").join(rows))


def _legend(series: Sequence[Series]) -> Markup:
    if len(series) < 2:
        return Markup("")
    item = Markup('<li><i class="key k{}"></i>{}</li>')
    return Markup('<ul class="legend" aria-hidden="true">{}</ul>').format(
        Markup("").join(item.format(place, one.name) for place, one in enumerate(series, 1))
    )


def _figure(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    unit: str,
    ticks: Sequence[float],
    draw: _Drawing,
    css: str = "chart",
) -> Markup:
    """Draw the chart in three widths (a container query picks), with its legend, cursor and table."""
    if not 1 <= len(series) <= MOST_SERIES:
        raise ValueError(f"a chart has 1 to {MOST_SERIES} series; group the rest")
    drawings = [
        Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>').format(
            name, width, height, title, _grid(frame, unit), draw(frame), _cursor(frame)
        )
        for name, width, height in (("full", 1120, 270), ("wide", 760, 250), ("narrow", 340, 220))
        for frame in [_Frame(width, height, ticks, len(labels))]
    ]
    tips = [
        f"{label} · " + " · ".join(f"{one.name} {_written(one.values[index], unit)}" for one in series)
        for index, label in enumerate(labels)
    ]
    return Markup(
        '<figure class="{}" data-tips="{}">{}{}<div class="tip" aria-hidden="true"></div>{}</figure>'
    ).format(css, json.dumps(tips, ensure_ascii=False), _legend(series), Markup("").join(drawings),
             _table(title, labels, series, unit))  # fmt: skip


def _cursor(frame: _Frame) -> Markup:
    return Markup('<line class="cursor" y1="{}" y2="{}" x1="-9" x2="-9"/>').format(
        frame.top, frame.height - frame.bottom
    )


def line(labels: Sequence[str], series: Sequence[Series], *, title: str, unit: str = "") -> Markup:
    """Draw values over time; the second series is dashed, for comparison."""
    if not labels:
        return _nothing(title)
    values = [value for one in series for value in one.values]

    def draw(frame: _Frame) -> Markup:
        paths = []
        for place, one in enumerate(series, 1):
            path = _path([(frame.x(index), frame.y(value)) for index, value in enumerate(one.values)])
            paths.append(Markup('<path class="s{}" d="{}"/>').format(place, path))
            if place == 1:
                base = frame.y(frame.ticks[0])
                closed = f"{path}L{frame.x(len(one.values) - 1):.1f} {base:.1f}L{frame.x(0):.1f} {base:.1f}Z"
                paths.append(Markup('<path class="area" d="{}"/>').format(closed))
        return Markup("").join(reversed(paths)) + _axis(frame, labels, frame.x)

    return _figure(title, labels, series, unit, nice_ticks(min(0, *values), max(0, *values)), draw)


def _bars(frame: _Frame, columns: Sequence[Sequence[tuple[int, float, float, float, float]]]) -> Markup:
    """Draw rectangles given as (series, share of slot from, share to, value from, value to)."""
    shape = Markup('<rect class="f{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"/>')
    drawn = []
    for index, column in enumerate(columns):
        start, width = frame.slot(index)
        for place, left, right, low, high in column:
            top, bottom = frame.y(max(low, high)), frame.y(min(low, high))
            drawn.append(shape.format(place, start + left * width, top, (right - left) * width, bottom - top))
    return Markup("").join(drawn)


def _middles(frame: _Frame) -> Callable[[int], float]:
    return lambda index: frame.slot(index)[0] + frame.slot(index)[1] / 2


def bar(labels: Sequence[str], series: Sequence[Series], *, title: str, unit: str = "") -> Markup:
    """Draw groups of bars side by side, from a zero baseline."""
    if not labels:
        return _nothing(title)
    values = [value for one in series for value in one.values]
    share = 0.7 / len(series)
    columns = [
        [
            (place, 0.15 + (place - 1) * share, 0.15 + place * share, 0.0, float(one.values[index]))
            for place, one in enumerate(series, 1)
        ]
        for index in range(len(labels))
    ]
    ticks = nice_ticks(min(0, *values), max(0, *values))
    draw: _Drawing = lambda frame: _bars(frame, columns) + _axis(frame, labels, _middles(frame))  # noqa: E731
    return _figure(title, labels, series, unit, ticks, draw, "chart filled")


def stack(labels: Sequence[str], series: Sequence[Series], *, title: str, unit: str = "") -> Markup:
    """Draw bars of parts on top of each other; the parts are not negative."""
    if not labels:
        return _nothing(title)
    columns = []
    for index in range(len(labels)):
        below, column = 0.0, []
        for place, one in enumerate(series, 1):
            column.append((place, 0.2, 0.8, below, below + float(one.values[index])))
            below += float(one.values[index])
        columns.append(column)
    ticks = nice_ticks(0, max(column[-1][4] for column in columns))
    draw: _Drawing = lambda frame: _bars(frame, columns) + _axis(frame, labels, _middles(frame))  # noqa: E731
    return _figure(title, labels, series, unit, ticks, draw, "chart filled")


def _sector(start: float, end: float, outer: float = 70, inner: float = 46) -> str:
    """Return the path of a ring's sector around (80, 80); the angles are shares of the circle."""
    end = min(end, start + 0.9999)
    corners = []
    for radius, share in ((outer, start), (outer, end), (inner, end), (inner, start)):
        angle = 2 * math.pi * share - math.pi / 2
        corners.append(f"{80 + radius * math.cos(angle):.2f} {80 + radius * math.sin(angle):.2f}")
    large = int(end - start > 0.5)
    return (
        f"M{corners[0]}A{outer} {outer} 0 {large} 1 {corners[1]}L{corners[2]}A{inner} {inner} 0 {large} 0 {corners[3]}Z"
    )


def donut(labels: Sequence[str], values: Sequence[Number], *, title: str, unit: str = "", middle: str = "") -> Markup:
    """Draw shares of a whole as a ring with a legend; at most five parts, none negative."""
    if len(labels) > MOST_SERIES:
        raise ValueError(f"a donut has at most {MOST_SERIES} parts; group the rest")
    whole = float(sum(values))
    if not whole:
        return _nothing(title)
    drawn, legend, so_far = [], [], 0.0
    for place, (label, value) in enumerate(zip(labels, values, strict=True), 1):
        share = float(value) / whole
        drawn.append(Markup('<path class="f{}" d="{}"/>').format(place, _sector(so_far, so_far + share)))
        so_far += share
        item = Markup('<li><i class="key k{}"></i>{}<b>{}</b></li>')
        legend.append(item.format(place, label, f"{share * 100:.0f}%"))
    return Markup(
        '<figure class="chart filled donut"><svg viewBox="0 0 160 160" role="img" aria-label="{}">{}'
        '<text class="middle" x="80" y="80" dy=".35em" text-anchor="middle">{}</text></svg>'
        '<ul class="legend list" aria-hidden="true">{}</ul>{}</figure>'
    ).format(title, Markup("").join(drawn), middle, Markup("").join(legend),
             _table(title, labels, [Series(title, values)], unit))  # fmt: skip


def spark(values: Sequence[Number], width: int = 88, height: int = 36) -> Markup:
    """Draw a small line without axes beside a key figure; decoration, so hidden from screen readers."""
    if len(values) < 2:
        return Markup("")
    low, high = float(min(values)), float(max(values))
    span = (high - low) or 1.0
    step = width / (len(values) - 1)
    path = _path(
        [(index * step, height - 3 - (float(value) - low) / span * (height - 6)) for index, value in enumerate(values)]
    )
    return Markup(
        '<svg viewBox="0 0 {0} {1}" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="area" d="{2}L{0} {1}L0 {1}Z"/>'
        '<path class="s1" vector-effect="non-scaling-stroke" d="{2}"/></svg>'
    ).format(width, height, path)


def _nothing(title: str) -> Markup:
    return Markup('<figure class="chart"><figcaption class="muted sm">{}: {}</figcaption></figure>').format(
        title, _("no figures yet")
    )
