"""What the missing past of some assets costs, masked or cut, on stocks whose past is known.

    python -m benchmarks.masked_pasts --out runs/masked

Six stocks of skfolio, 1990 to 2009, are trained three times: whole, with the prices of three of
them removed before 2000, and with all days before 2000 left out. All are measured on the whole
history. The trainings are run folders under `--out`; a finished one is not trained again.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.tables import Table, write_page
from keras_wgan.data import Source, log_returns, rolling_windows
from keras_wgan.experiments import recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.metrics import sampling_floor, stylized_facts

OLD, LATER = ["JNJ", "JPM", "XOM"], ["KO", "MSFT", "PG"]
FIRST, BEGIN, LAST = "1990-01-01", "2000-01-01", "2009-12-31"
WINDOW = 60


def main() -> None:
    """Trains where no run is, and writes the table."""
    asked = arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    prices = stock_prices()
    returns = log_returns(prices)
    floors = {name: sampling_floor(returns[name], days=WINDOW) for name in returns}
    rows = []
    for case, table in cases(prices).items():
        paths = paths_of(case, table, asked)
        rows.append({"trained on": case, **measured(returns, paths, floors)})
    print(write_page(asked.out, "masked_pasts", report(rows, asked)))


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, help="default: those of the recipe")
    parser.add_argument("--seed", type=int, default=0, help="of the trainings")
    parser.add_argument("--count", type=int, default=4000, help="paths of a simulator")
    parser.add_argument("--out", type=Path, default=Path("runs/masked"), help="a folder")
    return parser.parse_args(given)


def stock_prices() -> pd.DataFrame:
    """Returns the daily prices of the six stocks."""
    from skfolio.datasets import load_sp500_dataset

    return load_sp500_dataset()[[*OLD, *LATER]].loc[FIRST:LAST].rename_axis("Date")


def cases(prices: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Returns the prices of each training by what it knows."""
    masked = prices.copy()
    masked.loc[masked.index < BEGIN, LATER] = np.nan
    return {"all days": prices, "a masked past": masked, "a cut past": prices[BEGIN:]}


def paths_of(case: str, prices: pd.DataFrame, asked: argparse.Namespace) -> NDArray[np.float64]:
    """Returns generated returns of a training, trained or finished where it is not."""
    stem = case.replace(" ", "-")
    file = asked.out / f"{stem}.csv"
    if not file.exists():
        prices.to_csv(file)
    recipe = recipes.get("portfolio")
    if asked.epochs:
        recipe = recipe.with_settings({"epochs": asked.epochs})
    spec = ExperimentSpec(recipe, Source(str(file), ",".join(prices.columns)), asked.seed)
    run = trained(spec, asked.out / f"{stem}-{recipe.settings.epochs}-{asked.seed}", case, print)
    return run.simulator().sample(asked.count, WINDOW, asked.seed)


def measured(
    returns: pd.DataFrame, paths: NDArray[np.float64], floors: dict[str, dict[str, float]]
) -> dict[str, float]:
    """Returns the distances of generated paths from a history that lacks nothing."""
    found = np.corrcoef(paths.reshape(-1, paths.shape[-1]), rowvar=False)
    gaps = found - returns.corr().to_numpy()
    old = [returns.columns.get_loc(name) for name in OLD]
    later = [returns.columns.get_loc(name) for name in LATER]
    ratios = paths.std(axis=(0, 1)) / returns.std().to_numpy() - 1
    composites = np.array(
        [
            stylized_facts(
                rolling_windows(returns[name], WINDOW)[..., 0],
                paths[..., number],
                floor=floors[name],
            ).composite
            for number, name in enumerate(returns)
        ]
    )
    return {
        "correlations, old pairs": _root_mean_square(gaps[np.ix_(old, old)], len(old)),
        "with later ones": float(np.sqrt(np.mean(gaps[np.ix_(old, later)] ** 2))),
        "later pairs": _root_mean_square(gaps[np.ix_(later, later)], len(later)),
        "volatility, old": float(np.abs(ratios[old]).mean()),
        "volatility, later": float(np.abs(ratios[later]).mean()),
        "composite, old": float(np.median(composites[old])),
        "composite, later": float(np.median(composites[later])),
    }


def _root_mean_square(gaps: NDArray[np.float64], assets: int) -> float:
    return float(np.sqrt((gaps[np.triu_indices(assets, 1)] ** 2).mean()))


def report(rows: list[dict[str, object]], asked: argparse.Namespace) -> Table:
    """Returns the table of all trainings."""
    epochs = asked.epochs or recipes.get("portfolio").settings.epochs
    notes = [
        f"Old stocks: {', '.join(OLD)}; later ones: {', '.join(LATER)}, whose prices before "
        f"{BEGIN} are hidden from the second training. All are measured on all days of 1990 to "
        "2009: root mean square gaps of the correlations of pairs, mean relative errors of the "
        "volatility, and the median composite in sampling floors of each stock.",
        f"Recipe portfolio, {epochs} epochs, seed {asked.seed}, {asked.count:,} paths of {WINDOW} "
        f"days, Keras {keras.__version__} on {keras.backend.backend()}.",
    ]
    return Table("A missing past, masked or cut", rows, notes)


if __name__ == "__main__":
    main()
