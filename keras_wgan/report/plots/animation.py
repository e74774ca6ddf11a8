"""An animated GIF of the sample grids saved during training."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from keras_wgan.io.files import write_atomically

FRAME = 400  # milliseconds
LAST_FRAME = 2500
WIDTH = 600  # dots, so that a run's GIF stays near a megabyte


def animate(pictures: Sequence[Path], path: Path) -> Path:
    """Writes pictures of one size as an animated GIF that rests on the last one and repeats.

    Example:
    ```python
    import tempfile
    from pathlib import Path
    from PIL import Image
    from keras_wgan.report import animate

    with tempfile.TemporaryDirectory() as folder:
        pictures = [Path(folder) / f"{shade}.png" for shade in (0, 255)]
        for shade, picture in zip((0, 255), pictures):
            Image.new("L", (8, 8), shade).save(picture)
        gif = animate(pictures, Path(folder) / "both.gif")
        with Image.open(gif) as animation:
            assert animation.n_frames == 2
    ```

    Args:
        pictures: PNG files, the earliest first; at least one.
        path: The GIF to write, all or nothing.

    Returns:
        The path written.
    """
    frames = [_frame(picture) for picture in pictures]
    times = [FRAME] * (len(frames) - 1) + [LAST_FRAME]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=times, loop=0)
    write_atomically(path, buffer.getvalue())
    return path


def _frame(picture: Path) -> Image.Image:
    with Image.open(picture) as image:
        colored = image.convert("RGB")
    if colored.width > WIDTH:
        height = round(colored.height * WIDTH / colored.width)
        colored = colored.resize((WIDTH, height), Image.Resampling.LANCZOS)
    return colored.quantize(64)
