"""The patterns of a lane: told apart by their shape alone, so that grey printers keep them."""

from typing import Literal

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

Pattern = Literal[
    "solid", "relief", "hatch", "cross", "dashed", "outline", "dotted", "frame", "thin", "halves"
]
Box = tuple[float, float, float, float]
"""Left, low, width, height, in points."""

_FORCE, _RELIEF, _SUSPENDED, _ENDED, _TEXT = (
    HexColor(each) for each in ("#9A2A0E", "#C77700", "#0B4F8A", "#7F838B", "#1B1D21")
)
_STEP = 4.0


def draw_pattern(canvas: Canvas, pattern: Pattern, box: Box) -> None:
    """A box filled as the legend of the timeline says."""
    canvas.saveState()
    match pattern:
        case "solid":
            _fill(canvas, box, _FORCE)
        case "relief":
            _fill(canvas, box, _RELIEF)
        case "halves":
            _halves(canvas, box)
        case "hatch":
            _hatch(canvas, box, crossed=False)
        case "cross":
            _hatch(canvas, box, crossed=True)
        case "thin":
            _thin(canvas, box)
        case "dashed" | "outline" | "dotted" | "frame":
            _outlined(canvas, pattern, box)
    canvas.restoreState()


def _fill(canvas: Canvas, box: Box, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.rect(*box, stroke=0, fill=1)


def _halves(canvas: Canvas, box: Box) -> None:
    """In force in part: the lower half solid, the upper one hatched."""
    x, y, wide, high = box
    _fill(canvas, (x, y, wide, high / 2), _FORCE)
    _hatch(canvas, (x, y + high / 2, wide, high / 2), crossed=False)


def _hatch(canvas: Canvas, box: Box, *, crossed: bool) -> None:
    x, y, wide, high = box
    path = canvas.beginPath()
    path.rect(*box)  # pyright: ignore[reportUnknownMemberType] - its stub leaves types out
    canvas.saveState()
    canvas.clipPath(path, stroke=0, fill=0)  # pyright: ignore[reportUnknownMemberType] - its stub leaves types out
    canvas.setStrokeColor(_SUSPENDED)
    canvas.setLineWidth(1.1)
    for count in range(int((wide + high) / _STEP) + 1):
        start = x - high + count * _STEP
        canvas.line(start, y, start + high, y + high)
        if crossed:
            canvas.line(start, y + high, start + high, y)
    canvas.restoreState()
    canvas.setStrokeColor(_SUSPENDED)
    canvas.setLineWidth(0.8)
    canvas.rect(*box, stroke=1, fill=0)


def _thin(canvas: Canvas, box: Box) -> None:
    x, y, wide, high = box
    canvas.setStrokeColor(_ENDED)
    canvas.setLineWidth(1.6)
    canvas.line(x, y + high / 2, x + wide, y + high / 2)


def _outlined(canvas: Canvas, pattern: Pattern, box: Box) -> None:
    """Dashed: unconfirmed. Dotted: not on record. Outline: only said. Frame: not enforced."""
    canvas.setStrokeColor(_FORCE if pattern in {"dashed", "frame"} else _TEXT)
    canvas.setLineWidth(2.0 if pattern == "frame" else 0.9)
    if pattern == "dashed":
        canvas.setFillColor(HexColor("#FBE7E0"))
        canvas.setDash(3.0, 2.0)
    elif pattern == "dotted":
        canvas.setDash(1.0, 2.0)
    canvas.rect(*box, stroke=1, fill=int(pattern == "dashed"))
