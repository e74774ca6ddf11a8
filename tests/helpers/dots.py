"""A dot that stands in for a picture where drawing it would take most of a test."""

import io
from pathlib import Path

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1pt" height="1pt" viewBox="0 0 1 1"/>'


def save_dot(figure, target, *, format, **_):
    """Writes a dot where `Figure.savefig` would write its picture."""
    content = SVG if format == "svg" else png()
    if hasattr(target, "write"):
        target.write(content)
    else:
        Path(target).write_bytes(content)


def png():
    """Returns a PNG file of one pixel."""
    file = io.BytesIO()
    Image.new("RGBA", (1, 1)).save(file, "PNG")
    return file.getvalue()
