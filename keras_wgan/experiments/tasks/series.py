"""The task of series: data, callbacks, evaluation, pictures and report of windows of columns."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan._sampling import Sampler, draw_samples
from keras_wgan.callbacks import SampleSeries, SeriesDistance
from keras_wgan.data import SeriesData, Source
from keras_wgan.data.series_data import WAVES, load_series
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.experiments.tasks.pictures import losses_of_run, save_pictures
from keras_wgan.experiments.tasks.protocol import next_steps, run_protocol
from keras_wgan.experiments.tasks.series_evaluation import (
    copies_of,
    evaluate_series,
    scores_of,
)
from keras_wgan.experiments.tasks.series_pictures import picture_captions
from keras_wgan.experiments.tasks.source_options import refuse_options_of_returns
from keras_wgan.metrics.series.blocks import thinned
from keras_wgan.report.export.series import SUFFIXES
from keras_wgan.report.pages.picture_files import PictureFile
from keras_wgan.report.pages.series import SeriesReport, write_series_page
from keras_wgan.report.plots.animation import animate
from keras_wgan.report.plots.series import (
    DRAWN,
    series_autocorrelations,
    series_distributions,
    series_picture,
)
from keras_wgan.report.series_verdict import series_verdict
from keras_wgan.wgan_gp import WGANGP

if TYPE_CHECKING:
    from keras_wgan.experiments.config import RunConfig

BEHIND = 1000  # generated windows behind the pictures
# What says how a file of series is written.
FORMAT = ("date_column", "date_format", "separator", "decimal", "sheet")


class Series:
    """Windows of several series, measured by their scores over the floors of real rows."""

    score = "series_distance"
    evaluated = 2000
    suffixes: tuple[str, ...] = SUFFIXES

    def __init__(self, window: int) -> None:
        self.window = window  # rows

    def load(self, source: Source) -> SeriesData:
        """Reads a file of columns of numbers, or makes the waves."""
        refuse_options_of_returns(source, "series", usable=FORMAT)
        return load_series(source.data, self.window, source.price_format)

    def sampler(self, data: SeriesData) -> Sampler | None:
        """Returns `None`: windows are drawn by `model.generate`."""
        return None

    def metric_callback(
        self, data: SeriesData, *, every: int, samples: int
    ) -> keras.callbacks.Callback:
        """Returns the mean of all scores over their floors."""
        return SeriesDistance(data.rows, self.window, samples=samples, every=every)

    def sample_callback(
        self, data: SeriesData, folder: Path, *, every: int
    ) -> keras.callbacks.Callback:
        """Returns the callback that saves generated windows next to real ones."""
        return SampleSeries(
            folder,
            in_units(data, thinned(data.samples, DRAWN)),
            data.facts.columns,
            inverse=partial(in_units, data),
            every=every,
        )

    def evaluate(self, data: SeriesData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Compares generated windows with all real ones."""
        samples = draw_samples(model, count, seed)
        return evaluate_series(data, samples, seed=seed)

    def draw(
        self, data: SeriesData, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves losses, windows, distributions, autocorrelations and the animation."""
        generated = in_units(data, draw_samples(model, BEHIND, seed))
        real, columns = in_units(data, thinned(data.samples)), data.facts.columns
        drawn = save_pictures(
            {
                "losses": partial(losses_of_run, history),
                "samples": partial(series_picture, real, generated, columns),
                "distributions": partial(series_distributions, real, generated, columns),
                "autocorrelations": partial(series_autocorrelations, real, generated, columns),
            },
            folder,
        )
        saved = sorted((folder / "samples").glob("epoch_*.png"))
        return [*drawn, animate(saved, folder / "progress.gif")] if len(saved) > 1 else drawn

    def report(
        self,
        data: SeriesData,
        model: WGANGP,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: "RunConfig",
        folder: Path,
    ) -> list[Path]:
        """Writes `report.html`, one page with all scores, pictures and the protocol."""
        facts, measured = data.facts, scores_of(evaluation.metrics, data.facts)
        saved = sorted((folder / "samples").glob("epoch_*.png"))
        captions = picture_captions(history, saved, columns=len(facts.columns))
        content = SeriesReport(
            title="Waves, a made table" if facts.source == WAVES else Path(facts.source).name,
            source=facts.source,
            columns=facts.columns,
            window=facts.window,
            verdict=series_verdict(measured, facts.columns, copies_of(evaluation.metrics)),
            measured=measured,
            pictures=[
                PictureFile(heading, folder / name, caption)
                for name, (heading, caption) in captions.items()
                if (folder / name).exists()
            ],
            settings=asdict(config.experiment.recipe.settings),
            protocol={**run_protocol(config), "measured": evaluation.metrics["protocol"]},
            next_steps=next_steps(config.experiment.recipe),
            notes=[data.reading],
        )
        return [write_series_page(folder / "report.html", content)]


def in_units(data: SeriesData, samples: NDArray[Any]) -> NDArray[np.float64]:
    """Returns windows in the units of the data; float32 would round long numbers."""
    return data.facts.scaler.inverse(samples.astype(np.float64))
