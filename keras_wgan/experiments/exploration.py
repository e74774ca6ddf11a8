"""The page of a run in which its generator runs in the browser."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from keras_wgan.data import ReturnsData, ReturnsFacts, SeriesFacts
from keras_wgan.errors import InvalidInputError, ServiceError
from keras_wgan.experiments.presets import Preset
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.tasks.browser import browser_images, browser_market
from keras_wgan.experiments.tasks.today import paths_from_today
from keras_wgan.io.progress import silent
from keras_wgan.report.pages.images import write_drawing_page
from keras_wgan.report.pages.market import write_market_page
from keras_wgan.report.plots.images import image_grid
from keras_wgan.report.plots.style import save_picture

PAGE, REPORT = "explore.html", "report.html"
DRAWN = 1000  # paths behind the picture for readers without JavaScript
NAMED = 4  # tickers in the title
GRID = 8  # rows and columns of samples for them


def explore(
    run: Run, out: Path | None = None, *, progress: Callable[[str], object] = silent
) -> Path:
    """Writes a page in which a run's generator runs in the browser: a market, or images.

    Example:
    ```python
    import tempfile
    from pathlib import Path
    from keras_wgan.experiments import Run, explore

    with tempfile.TemporaryDirectory() as folder:
        page = explore(Run.open("preset:sp500"), Path(folder, "explore.html"))
        assert page.exists()
    ```

    Args:
        run: A run whose data, if it is of returns, is still there.
        out: The page to write, ending in `.html`. Defaults to `None`, `explore.html` in the run
            folder; an earlier one is replaced.
        progress: Called with a line for each stage. Defaults to a function that does nothing.

    Returns:
        The path of the page.

    Raises:
        OSError: If the page cannot be written.
        ValueError: If the run's network runs in Keras alone, or `out` does not end in `.html`.
    """
    target = run.path / PAGE if out is None else Path(out)
    if target.suffix != ".html":
        raise InvalidInputError(f"`out` must end in .html. Received: out={str(target)!r}")
    has_report = (run.path / REPORT).exists() and target.parent == run.path
    if isinstance(run.facts, SeriesFacts):
        raise _runs_in_keras_alone(run, "the networks of a market or of images, as sp500 and mnist")
    write = _explore_market if isinstance(run.facts, ReturnsFacts) else _explore_images
    return write(run, target, REPORT if has_report else None, progress)


def forget_page(run: Run) -> None:
    """Removes the page of a run whose model is trained further."""
    (run.path / PAGE).unlink(missing_ok=True)


def _explore_market(
    run: Run, target: Path, report: str | None, progress: Callable[[str], object]
) -> Path:
    progress(f"Reading {run.path} and its data ...")
    model, today, history = run.model(), None, None
    data = _data_if_reached(run, progress)
    facts = run.facts if data is None else data.facts
    assert isinstance(facts, ReturnsFacts)
    if data is not None:
        history = data.history
        progress("Finding the state of the market after the last day ...")
        today = paths_from_today(data, model, seed=0)
    market = browser_market(facts, history, model, today)
    if market is None:
        raise _runs_in_keras_alone(run, "a `market_generator` with normal noise, as sp500 has it")
    scenarios = facts.scaler.inverse(model.generate(DRAWN, seed=0))
    return write_market_page(
        target,
        market,
        (scenarios if today is None else today.paths)[..., market.shown],
        title=f"{_named(market.tickers)}: a simulated market",
        report=report,
        verdict=_verdict_on(run),
    )


def _data_if_reached(run: Run, progress: Callable[[str], object]) -> ReturnsData | None:
    """Returns a run's data; of a preset whose prices are on a service that is away, `None`."""
    try:
        data = run.data()
    except ServiceError as error:
        if not isinstance(run, Preset):
            raise
        progress(
            f"{error}\nWithout these prices the page begins in any state of the market, not in "
            "today's. With a file of them: keras-wgan explore "
            f"{run.card.name} --data FILE"
        )
        return None
    assert isinstance(data, ReturnsData)
    return data


def _explore_images(
    run: Run, target: Path, report: str | None, progress: Callable[[str], object]
) -> Path:
    progress(f"Reading {run.path} ...")
    model = run.model()
    if (generator := browser_images(model)) is None:
        raise _runs_in_keras_alone(run, "an `image_generator` with normal noise, as mnist has it")
    labels = None
    if generator.embedding is not None:
        labels = np.arange(GRID * GRID) // GRID % len(generator.embedding)
    samples = model.generate(GRID * GRID, condition=labels, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        picture = save_picture(image_grid(samples, GRID), Path(folder) / "samples.png")
        title = f"{run.recipe.name}: draw images"
        return write_drawing_page(
            target, generator, picture, title=title, report=report, verdict=_verdict_on(run)
        )


def _named(tickers: Sequence[str]) -> str:
    shown = ", ".join(tickers[:NAMED])
    return shown if len(tickers) <= NAMED else f"{shown} and {len(tickers) - NAMED} more"


def _verdict_on(run: Run) -> str | None:
    """Returns the verdict and the protocol of a preset's card; other runs have a report."""
    if not isinstance(run, Preset):
        return None
    return " ".join([*run.card.verdict, run.card.protocol])


def _runs_in_keras_alone(run: Run, needed: str) -> InvalidInputError:
    return InvalidInputError(
        f"A page can only run {needed}. Received: {run.path}, of the recipe {run.recipe.name}. "
        f"Draw its samples with keras-wgan generate {run.path}"
    )
