"""How do samples of a trained run get into a file, however many there are?"""

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_wgan.data import Facts, ImageFacts, ReturnsFacts, Source
from keras_wgan.errors import (
    InvalidInputError,
    MissingPackageError,
    OutputExistsError,
)
from keras_wgan.experiments import scenarios as conditional
from keras_wgan.experiments.run_folder import RunFolder
from keras_wgan.experiments.scenarios import Scenarios
from keras_wgan.experiments.tasks.images import export_images
from keras_wgan.experiments.tasks.labels import asked_labels
from keras_wgan.experiments.tasks.returns import export_returns
from keras_wgan.experiments.training import open_recipe
from keras_wgan.io.progress import silent, told
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.market.states import TRADING_DAYS
from keras_wgan.report.export.scenarios import NO_PARQUET


def generate(
    run: RunFolder,
    *,
    count: int,
    days: int | None = None,
    seed: int | None,
    out: Path,
    percentile: str | float | None = None,
    after: str | None = None,
    yearly_mean: float | None = None,
    yearly_volatility: float | None = None,
    condition: int | None = None,
    progress: Callable[[str], object] = silent,
) -> list[str]:
    """Writes samples of a run's model to a file, in the units of its data, whole or not at all.

    Only a few samples are in memory at a time. Returns also pass through a file without a name
    beside `out`, of 4 bytes each.

    Args:
        run: An existing run folder.
        count: How many samples.
        days: How long each is, for a model of returns that runs over any number of days, or
            `None` for the windows that it was trained on. Defaults to `None`.
        seed: Fixes them, or `None` for new ones each time.
        out: The file; its suffix says in which form.
        percentile: Of the volatility with which paths begin, or the name of a regime, for a
            market simulator. Defaults to `None`, as the market happens to be.
        after: The prices that paths go on from: `"data"`, the run's own, `"bundled"`, `"yahoo"`
            or a file; for a market simulator. Defaults to `None`.
        yearly_mean: Log return a year that the returns of one asset are moved to, all alike, see
            `keras_wgan.data.rescale`. Defaults to `None`, as the model has it.
        yearly_volatility: Volatility a year that they are stretched to. Defaults to `None`.
        condition: The label of all samples, for a conditional model. Defaults to `None`, every
            label in turn.
        progress: Called every few seconds with a line that says how far it is. Defaults to
            nobody.

    Returns:
        In which state paths begin, as lines for people; none where nothing was asked for.

    Raises:
        FileExistsError: If there is a file at `out`.
        OSError: If it cannot be written.
        ValueError: If an argument does not fit the run.
    """
    config, facts = run.read_config(), run.facts
    suffixes = open_recipe(config).task.suffixes
    if out.suffix not in suffixes:
        raise InvalidInputError(
            f"`--out` must end in {', '.join(suffixes)} for this run. Received: {out}"
        )
    if out.suffix == ".parquet" and importlib.util.find_spec("pyarrow") is None:
        raise MissingPackageError(NO_PARQUET)  # here, and not after a million samples
    if out.exists():
        raise OutputExistsError(f"`--out` must be a new file, nothing is overwritten: {out}")
    anchor = None
    if yearly_mean is not None or yearly_volatility is not None:
        anchor = _daily_anchor(config, facts, yearly_mean, yearly_volatility)
    samples = _samples(
        run,
        config,
        count=count,
        days=days,
        seed=seed,
        percentile=percentile,
        after=after,
        condition=condition,
    )
    batches = told(samples.batches, count, "samples made", progress)
    if isinstance(samples.facts, ReturnsFacts):
        export_returns(batches, samples.facts, out, anchor=anchor, progress=progress)
    else:
        export_images(batches, out, count=count, labels=samples.labels)
    return samples.lines()


def _samples(
    run: RunFolder,
    config: dict[str, Any],
    *,
    count: int,
    days: int | None,
    seed: int | None,
    percentile: str | float | None,
    after: str | None,
    condition: int | None,
) -> Scenarios:
    facts = run.facts
    classes = facts.classes if isinstance(facts, ImageFacts) else None
    if condition is not None and classes is None:
        raise InvalidInputError(
            f"`--condition` is for runs of a conditional recipe, such as mnist-conditional; that "
            f"of {run.path} is {config['recipe']}. Received: condition={condition}"
        )
    if percentile is not None and after is not None:
        raise InvalidInputError(
            "Paths begin in a chosen state or in that of some prices, not in both. "
            f"Received: percentile={percentile}, after={after}"
        )
    if percentile is not None or after is not None:
        if not isinstance(facts, ReturnsFacts):
            raise InvalidInputError(
                f"{conditional.OPTIONS} are for returns. Received: {run.path}, which makes images"
            )
        market = conditional.market_of(run, config, facts)
        length = days or market.model.generator.output_shape[1]
        if percentile is not None:
            return conditional.scenarios_in_regime(
                market, facts, percentile, count=count, days=length, seed=seed
            )
        assert after is not None
        source = Source(**config["source"])
        prices = conditional.prices_to_resume_from(after, source, facts)
        return conditional.scenarios_after(
            market, facts, prices, count=count, days=length, seed=seed
        )
    if days is not None:
        return Scenarios(_market(days, run, facts).draw_batches(count, days, seed), facts)
    if classes is not None:
        labels = asked_labels(condition, classes, count)
        batches = run.load_model().generate_batches(count, condition=labels, seed=seed)
        return Scenarios(batches, facts, labels=labels)
    return Scenarios(run.load_model().generate_batches(count, seed=seed), facts)


def _daily_anchor(
    config: dict[str, Any], facts: Facts, mean: float | None, volatility: float | None
) -> dict[str, float | None]:
    if not isinstance(facts, ReturnsFacts) or len(facts.tickers) > 1:
        made = "several assets" if config["kind"] == "returns" else config["kind"]
        raise InvalidInputError(
            "`--yearly-mean` and `--yearly-volatility` are for the returns of one asset. "
            f"Received: a run that makes {made}."
        )
    return {
        "mean": None if mean is None else mean / TRADING_DAYS,
        "volatility": None if volatility is None else volatility / math.sqrt(TRADING_DAYS),
    }


def _market(days: int, run: RunFolder, facts: Facts) -> PathSimulator:
    if not isinstance(facts, ReturnsFacts):
        raise InvalidInputError(
            f"`--days` is for returns; {run.path} makes images. Received: days={days}"
        )
    return PathSimulator(run.path.name, run.load_model(), facts.scaler)
