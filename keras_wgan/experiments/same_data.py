"""The data of a run again, and the comparison of prices with those of its training."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.data import (
    Facts,
    ReturnsData,
    ReturnsFacts,
    Source,
    TrainingData,
    log_returns,
)
from keras_wgan.data.fingerprint import compare
from keras_wgan.data.frequency import Frequency
from keras_wgan.data.prices import read_prices
from keras_wgan.data.questions import Question, accepted, ask
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.recipe import Recipe

SAME_PRICE = 1e-6  # relative


def load_again(recipe: Recipe, source: Source, facts: Facts, path: Path) -> TrainingData:
    """Reads the data of the run at `path`, and refuses data that has changed."""
    if isinstance(facts, ReturnsFacts):
        return load_as_trained(recipe, source, facts)
    then, data = facts.to_config(), recipe.task.load(source)
    now = data.facts.to_config()
    changed = [name for name in now if now[name] != then[name]]
    if changed:
        raise InvalidInputError(
            f"The data of {path} is not what it was trained on: {', '.join(changed)} "
            f"differ ({then[changed[0]]} then, {now[changed[0]]} now). Bring back the old data "
            f"at {source.data}, or train again. `generate` needs no data."
        )
    return data


def load_as_trained(recipe: Recipe, source: Source, facts: ReturnsFacts) -> ReturnsData:
    """Reads the days that a run was trained on, and refuses other returns.

    Days before and after these are left out, with a note.
    """
    data = _load(recipe, replace(source, end=facts.last_day), facts)
    days = data.all_returns.index
    before = days[days < pd.Timestamp(facts.earliest_day)]
    if len(before):
        source_from = replace(source, start=f"{before[-1]:%Y-%m-%d}", end=facts.last_day)
        data = _load(recipe, source_from, facts)
    _say_what_is_left_out(source, facts, len(before))
    _refuse_other_returns(data, facts, source)
    if data.facts.scaler != facts.scaler:  # the model is on the scale of its own data
        samples = facts.scaler.transform(data.facts.scaler.inverse(data.samples)).astype("float32")
        data = replace(data, samples=samples)
    scale = replace(data.facts, scaler=facts.scaler, frequency=facts.frequency)
    return replace(data, facts=scale)


def refuse_other_prices(
    prices: pd.DataFrame, frequency: Frequency, facts: ReturnsFacts, source: Source
) -> None:
    """Refuses prices of another frequency, or that disagree on days that the training has too."""
    if frequency.name != facts.frequency.name:
        raise InvalidInputError(
            f"{source.data} must have prices of {facts.frequency.name}, as the training had. "
            f"Received: {frequency.name}, {prices.index[0]} to {prices.index[-1]}. Bring them to "
            f"{facts.frequency.name}, or train on them."
        )
    questions = accepted(source.accept)
    days = pd.DatetimeIndex(prices.index).normalize()
    inside = (days >= pd.Timestamp(facts.first_day)) & (days <= pd.Timestamp(facts.last_day))
    if not inside.any():
        warnings.warn(
            f"{source.data} has no day in common with the training, {facts.first_day} to "
            f"{facts.last_day}, so it cannot be checked that these are the same assets.",
            stacklevel=2,
        )
        return
    last = days == pd.Timestamp(facts.last_day)
    if last.any():
        _ask_about_level(prices[last].iloc[-1].to_numpy(np.float64), facts, source)
    returns = log_returns(prices)[inside[1:]]
    if days[-1] < pd.Timestamp(facts.last_day):  # its last month may not be whole
        returns = returns[returns.index < days[-1].replace(day=1)]
    if facts.fingerprint is None or not len(returns):
        return
    found = compare(facts.fingerprint, returns, whole=False)
    if found.different:
        ask(
            Question.OTHER_DATA,
            f"{source.data} is not what the run was trained on: the returns of "
            f"{_months(found.different, found.shared)} differ.",
            questions,
            "Take the prices of the same assets, adjusted in the same way, or train again.",
        )


def _load(recipe: Recipe, source: Source, facts: ReturnsFacts) -> ReturnsData:
    if facts.first_days is None and len(facts.tickers) > 1:
        source = _from_the_days_of_all(source, facts)
    data = recipe.task.load(source)
    assert isinstance(data, ReturnsData)
    return data


def _from_the_days_of_all(source: Source, facts: ReturnsFacts) -> Source:
    """Returns the source from the day before a run's first return on, if all assets have it.

    Their earlier prices, if any, were cut where the run was trained.
    """
    named = None if source.ticker is None else source.tickers
    table = read_prices(source.data, named, source.start, source.end, source.price_format)
    days = pd.DatetimeIndex(table.prices.dropna().index)
    before = days[days.normalize() < pd.Timestamp(facts.first_day)]
    masked = table.prices.loc[: before[-1]].isna().any(axis=None) if len(before) else False
    return replace(source, start=f"{before[-1]:%Y-%m-%d}") if masked else source


def _say_what_is_left_out(source: Source, facts: ReturnsFacts, earlier: int) -> None:
    if not source.own_file or source.end is not None:
        return
    named = None if source.ticker is None else source.tickers
    table = read_prices(source.data, named, source.start, None, source.price_format)
    last = table.prices.index[-1]
    if earlier or last.normalize() > pd.Timestamp(facts.last_day):
        warnings.warn(
            f"{source.data} has more days than the run was trained on, "
            f"{table.prices.index[0]:%Y-%m-%d} to {last:%Y-%m-%d}. Those of the training are used, "
            f"with returns from {facts.earliest_day} to {facts.last_day}.",
            stacklevel=4,
        )


def _refuse_other_returns(data: ReturnsData, facts: ReturnsFacts, source: Source) -> None:
    now = data.facts
    if source.ticker is not None and now.tickers != facts.tickers:
        _ask(f"the assets are {', '.join(now.tickers)}, not {', '.join(facts.tickers)}", source)
    if facts.fingerprint is not None:
        found = compare(facts.fingerprint, data.all_returns, whole=True)
        if found.different:
            _ask(f"the returns of {_months(found.different, found.shared)} differ", source)
    for name in ("first_day", "first_days", "last_day", "returns", "windows"):
        then, here = getattr(facts, name), getattr(now, name)
        if then != here:
            _ask(f"{name} differ ({then} then, {here} now)", source)
    _ask_about_level(np.array(now.last_prices), facts, source)
    if facts.fingerprint is None and now.scaler != facts.scaler:  # a run of an older version
        _ask("the scale of the returns differs", source)


def _ask_about_level(prices: np.ndarray, facts: ReturnsFacts, source: Source) -> None:
    ratios = prices / np.array(facts.last_prices)
    if np.abs(ratios - 1.0).max() > SAME_PRICE:
        factors = ", ".join(f"{ratio:.6g}" for ratio in ratios)
        _ask(f"the prices on {facts.last_day} are {factors} times those of then", source)


def _ask(difference: str, source: Source) -> None:
    ask(
        Question.OTHER_DATA,
        f"{source.data} is not what the run was trained on: {difference}.",
        accepted(source.accept),
        "Bring back the old prices, or train again; `generate` needs no data.",
    )


def _months(different: tuple[str, ...], shared: tuple[str, ...]) -> str:
    if len(different) == len(shared):
        return f"all {len(shared)} months from {shared[0]} to {shared[-1]}"
    if len(different) == 1:
        return f"1 of {len(shared)} months, {different[0]},"
    return f"{len(different)} of {len(shared)} months, from {different[0]} to {different[-1]},"
