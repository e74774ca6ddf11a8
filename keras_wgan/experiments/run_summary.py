"""The summary of a run that notebooks show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_wgan.data import Facts, ReturnsFacts, SeriesFacts
from keras_wgan.io.html import html_facts, short_number
from keras_wgan.io.json import number, read_object
from keras_wgan.report.pages.rendering import data_address

if TYPE_CHECKING:
    from keras_wgan.experiments.run import Run

PICTURES = ("paths.png", "samples.png")  # the first that there is
HEIGHT = "max-height:24em"


def run_html(run: Run) -> str:
    """Returns what a run was trained on, its scores and a picture, as far as they are there."""
    if not run.config_path.exists():
        return html_facts(f"Run {run.path}", [("state", "not trained yet")])
    config = run.config
    facts = [
        ("recipe", run.recipe.name),
        ("data", _data(run.facts)),
        ("training", f"{run.recipe.settings.epochs} epochs, seed {config.experiment.seed}"),
        ("trained with", f"Keras {config.versions.keras} on {config.versions.backend}"),
    ]
    if run.metrics_path.exists():
        facts += _scores(read_object(run.metrics_path))
    shown = html_facts(f"Run {run.path}", facts)
    for name in PICTURES:
        if (path := run.path / name).exists():
            address = data_address("png", path.read_bytes())
            return f'<div>{shown}<img alt="{name}" style="{HEIGHT}" src="{address}"/></div>'
    return shown


def _data(facts: Facts) -> str:
    if isinstance(facts, ReturnsFacts):
        days = f"{facts.returns:,} returns from {facts.first_day} to {facts.last_day}"
        later = "".join(f"; {name} from {day}" for name, day in facts.later_assets.items())
        if later:
            days = f"returns from {facts.earliest_day} to {facts.last_day}{later}"
        return f"{', '.join(facts.tickers)}: {days}"
    if isinstance(facts, SeriesFacts):
        columns = f"{facts.rows:,} rows of {', '.join(facts.columns)}"
        return f"{facts.source}: {columns}; {facts.windows:,} windows of {facts.window} rows"
    classes = "" if facts.classes is None else f", {facts.classes} labels"
    return f"{facts.source}: {facts.images:,} images of {facts.shape}{classes}"


def _scores(metrics: dict[str, Any]) -> list[tuple[str, str]]:
    """Returns the score that decides, of the metrics that `evaluate` wrote."""
    if families := metrics.get("families"):
        mean = short_number(number(families["mean"]))
        return [("score", f"{mean} times the sampling floor, the mean over the families")]
    if "fid" in metrics:
        value, floor = (short_number(number(metrics[name])) for name in ("fid", "floor"))
        return [("score", f"Frechet distance {value}, floor {floor}")]
    if "series_distance" in metrics:
        mean = short_number(number(metrics["series_distance"]))
        return [("score", f"{mean} times the floor, the mean over all scores")]
    return []
