"""Whether the weights of `FHS-multiscale` are better fitted to other assets too.

    python -m benchmarks.pooled_weights stocks
    python -m benchmarks.pooled_weights index --strengths 4 --data sp500_1950.csv

The likelihood of other series, each in units of its own standard deviation, is added to one's own.
Its strength is the weight of all others together, in multiples of one's own days: 0 is the fit of
one's own series, and with 19 each of 20 stocks counts the same. Mean, standard deviation and shocks
remain one's own. `stocks` chooses the strength on the first fifteen years of skfolio's 20 stocks;
`index` judges it on the S&P 500 of 2016 to 2023, with others that end in 2011. The scores of each
series are a file under `--out`, and are not repeated.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.simulators import read_returns
from benchmarks.stocks_table import stock_returns
from benchmarks.tables import Table, write_page
from keras_wgan.data import log_returns
from keras_wgan.errors import ExplosionError
from keras_wgan.io.files import atomic_path
from keras_wgan.market import BacktestSettings, BacktestSpan, baselines
from keras_wgan.market.backtesting.origins import forecast_origins
from keras_wgan.market.baselines import MultiscaleVolatility
from keras_wgan.market.baselines.multiscale_model import Likelihood, MultiscaleFit
from keras_wgan.metrics import central_interval, crps, paired_comparison

Array = NDArray[np.float64]

REFERENCE, OWN = "FHS-EGARCH", "FHS-multiscale"
STOCKS = BacktestSpan("2000-12-31", "2001-01-01", "2004-12-31")
INDEX = BacktestSpan("2011-12-31", "2016-01-01", "2023-12-31")
INDEX_START = "2000-01-01"


class PooledMultiscale(MultiscaleVolatility):
    """`FHS-multiscale` whose weights are fitted to its own series and to others."""

    def __init__(self, others: Sequence[Array], strength: float) -> None:
        self.others, self.strength = others, strength

    @property
    def name(self) -> str:
        """The strength of the others, in the name."""
        return f"others count {self.strength:g} times"

    def _weights(self, standard: Array) -> MultiscaleFit:
        own, pool = Likelihood.of(standard), joined(self.others)
        share = self.strength * len(own.returns) / len(pool.returns)

        def negative(numbers: Array) -> tuple[float, Array]:
            (value, slope), (more, more_slope) = own.negative(numbers), pool.negative(numbers)
            return value + share * more, slope + share * more_slope

        return own.least(negative)


def joined(series: Sequence[Array]) -> Likelihood:
    """Returns the likelihood of several series, without a penalty on weights."""
    each = [Likelihood.of((values - values.mean()) / values.std()) for values in series]
    return Likelihood(
        np.concatenate([one.returns for one in each]),
        np.concatenate([one.regressors for one in each]),
        np.zeros_like(each[0].penalty),
    )


@dataclass(frozen=True, eq=False)
class Scores:
    """`(forecasts, horizons)` CRPS in standard deviations of the days of fitting, and coverage."""

    crps: Array
    inside: Array  # one where the outcome is in the 90% interval


def kept(
    model: baselines.Baseline, returns: "pd.Series[float]", span: BacktestSpan, asked: "Asked"
) -> Scores:
    """Returns the scores that an earlier call left in a file, or scores a model now."""
    stem = f"{returns.name} {model.name} {asked.paths} {asked.seed}".replace(" ", "-")
    path = asked.out / asked.which / f"{stem}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        found = forecast(model, returns, span, asked)
        with atomic_path(path) as unfinished, open(unfinished, "wb") as file:
            np.save(file, np.stack([found.crps, found.inside]))
    return Scores(*np.load(path))


def forecast(
    model: baselines.Baseline, returns: "pd.Series[float]", span: BacktestSpan, asked: "Asked"
) -> Scores:
    """Fits a model, and scores what it forecasts from every fifth day, as a backtest does."""
    settings = BacktestSettings(paths=asked.paths, seed=asked.seed)
    origins = forecast_origins(returns, span, settings)
    model.fit(origins.history)
    ends, found, inside = np.array(settings.horizons) - 1, [], []
    for start, future in zip(origins.starts, origins.futures, strict=True):
        past, seed = origins.returns[:start], asked.seed + int(start)
        try:
            drawn = model.sample_after(past, asked.paths, origins.longest, seed)
        except ExplosionError:
            missing = np.full((len(origins.starts), len(ends)), np.nan)
            return Scores(missing, missing)
        samples, outcomes = np.cumsum(drawn, axis=1)[:, ends].T, np.cumsum(future)[ends]
        found.append(crps(samples, outcomes) / origins.history.std())
        inside.append(central_interval(samples, level=0.9).holds(outcomes))
    return Scores(np.array(found), np.array(inside, np.float64))


@dataclass(frozen=True)
class Asked:
    """The command line."""

    which: str
    data: str
    strengths: tuple[float, ...]
    paths: int
    seed: int
    out: Path


def of_stocks(asked: Asked) -> dict[str, list[Scores]]:
    """Returns the scores of each model of each stock; the others are the other 19."""
    returns = stock_returns()[: STOCKS.test_until]
    fitted = returns[: STOCKS.fit_until]
    rows: dict[str, list[Scores]] = {}
    for name in returns.columns:
        others = [fitted[other].to_numpy() for other in fitted.columns if other != name]
        for model in models(others, asked.strengths):
            rows.setdefault(model.name, []).append(kept(model, returns[name], STOCKS, asked))
        print(f"{name} is scored", flush=True)
    return rows


def of_index(asked: Asked) -> dict[str, list[Scores]]:
    """Returns the scores of each model of the S&P 500; no other series goes beyond 2011."""
    index = read_returns(asked.data)[: INDEX.test_until]
    others = [values[: INDEX.fit_until].to_numpy() for values in (index, *other_markets())]
    own = index[INDEX_START:]
    return {
        model.name: [kept(model, own, INDEX, asked)] for model in models(others, asked.strengths)
    }


def other_markets() -> "list[pd.Series[float]]":
    """Returns the log returns of the Nasdaq, of oil and of 20 stocks."""
    from arch.data import nasdaq, wti

    prices = [nasdaq.load()["Adj Close"], wti.load()["DCOILWTICO"]]
    found = [log_returns(each.dropna()) for each in prices]
    return found + [stocks for _, stocks in stock_returns().items()]


def models(others: Sequence[Array], strengths: Sequence[float]) -> list[baselines.Baseline]:
    """Returns the reference, the fit to one's own series, and one for each strength."""
    pooled = [PooledMultiscale(others, strength) for strength in strengths]
    return [baselines.get(REFERENCE), baselines.get(OWN), *pooled]


def table(rows: Mapping[str, Sequence[Scores]], asked: Asked) -> Table:
    """Returns CRPS over the reference and over one's own fit, coverage and wins."""
    settings = BacktestSettings()
    whole = [k for k, one in enumerate(rows[REFERENCE]) if np.isfinite(one.crps).all()]
    found = []
    for name, scores in rows.items():
        row = {"": name}
        for place, days in enumerate(settings.horizons):
            pairs = [(scores, rows[OWN])] if name != REFERENCE else []
            pairs += [([each[k] for k in whole] for each in (scores, rows[REFERENCE]))]
            cells = [ratio(*pair, place, settings.lag(days)) for pair in pairs]
            row[f"{days} d"] = ", ".join(
                [
                    *cells,
                    f"{100 * np.nanmean([one.inside[:, place] for one in scores]):.1f}",
                    f"{wins(scores, rows[OWN], place)}",
                ]
            )
        found.append(row)
    note = (
        f"CRPS over that of {OWN} (but in the row of {REFERENCE}) and over that of {REFERENCE} ± "
        f"standard error, coverage of the 90% interval in percent, and wins over {OWN} among "
        f"{len(rows[OWN])} series. {REFERENCE} has a fit of {len(whole)} of them. Forecasts every "
        f"fifth day, {asked.paths:,} paths, seed {asked.seed}."
    )
    return Table("Weights fitted to more than one series", found, [note])


def ratio(scores: Sequence[Scores], reference: Sequence[Scores], place: int, lag: int) -> str:
    """Returns a ratio of CRPS, each the mean of series of the same days: no independent draws."""
    pair = (np.mean([one.crps[:, place] for one in each], axis=0) for each in (scores, reference))
    found = paired_comparison(*pair, lag=lag)
    return f"{found.ratio:.4f}±{found.ratio_error:.4f}"


def wins(scores: Sequence[Scores], reference: Sequence[Scores], place: int) -> int:
    """Returns the number of series with a lower CRPS."""
    pairs = zip(scores, reference, strict=True)
    return sum(bool(a.crps[:, place].mean() < b.crps[:, place].mean()) for a, b in pairs)


def arguments() -> Asked:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", choices=["stocks", "index"])
    parser.add_argument("--data", default="bundled", help="long daily prices of the S&P 500")
    parser.add_argument("--strengths", type=float, nargs="+", default=[1.0, 4.0, 19.0])
    parser.add_argument("--paths", type=int, default=1000, help="paths of each forecast")
    parser.add_argument("--seed", type=int, default=0, help="seed of the paths")
    parser.add_argument("--out", type=Path, default=Path("runs/pooled_weights"), help="a folder")
    asked = vars(parser.parse_args())
    return Asked(**asked | {"strengths": tuple(asked["strengths"])})


def main() -> None:
    """Scores all models of the command line, and prints their table."""
    asked = arguments()
    rows = of_stocks(asked) if asked.which == "stocks" else of_index(asked)
    print(write_page(asked.out / asked.which, "pooled_weights", table(rows, asked)))


if __name__ == "__main__":
    main()
