"""The state that a trained simulator of several assets finds where the true one is known.

    python -m benchmarks.known_states --out runs/known-states

Five assets with independent returns of Student's t, 4 degrees of freedom, and constant volatilities
of 19 to 24% a year. Whatever days a generator is shown, today is as volatile as any other day. The
training is a run folder under `--out`; a finished one is not trained again.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from keras_wgan.data import Source, log_returns
from keras_wgan.experiments import Run, recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically

YEARLY = np.array([0.19, 0.20, 0.21, 0.22, 0.24])  # true volatilities
FREEDOM = 4
YEAR = 252


def main() -> None:
    """Trains where no run is, and writes the table of states."""
    asked = arguments()
    run = run_of(asked)
    rows = found_states(run, asked.shown, asked.days)
    text = table(rows, asked)
    write_atomically(asked.out / "known_states.md", text.encode())
    print(f"{text}\nWrote {asked.out / 'known_states.md'}")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=2500, help="days of the made history")
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="of the history and of the training")
    parser.add_argument(
        "--shown",
        type=int,
        nargs="+",
        default=[250, 504, 1000, 1500, 2000, 2500],
        help="the states after so many days",
    )
    parser.add_argument("--out", type=Path, default=Path("runs/known-states"), help="a folder")
    return parser.parse_args(given)


def made_prices(days: int, seed: int) -> pd.DataFrame:
    """Returns prices of five assets that the seed fixes."""
    shocks = np.random.default_rng(seed).standard_t(FREEDOM, size=(days + 1, len(YEARLY)))
    moves = shocks / np.sqrt(FREEDOM / (FREEDOM - 2)) * YEARLY / np.sqrt(YEAR)
    names = [f"A{number}" for number in range(1, len(YEARLY) + 1)]
    dates = pd.bdate_range("2000-01-03", periods=days + 1, name="Date")
    return pd.DataFrame(100 * np.exp(np.cumsum(moves, axis=0)), index=dates, columns=names)


def run_of(asked: argparse.Namespace) -> Run:
    """Returns the run of these arguments, trained or finished where it is not."""
    asked.out.mkdir(parents=True, exist_ok=True)
    file = asked.out / f"made-{asked.days}-{asked.seed}.csv"
    prices = made_prices(asked.days, asked.seed)
    if not file.exists():
        prices.to_csv(file)
    recipe = recipes.get("portfolio").with_settings({"epochs": asked.epochs})
    spec = ExperimentSpec(recipe, Source(str(file), ",".join(prices.columns)), asked.seed)
    folder = asked.out / f"run-{asked.days}-{asked.epochs}-{asked.seed}"
    return trained(spec, folder, "known states", print)


def found_states(run: Run, shown: Sequence[int], days: int) -> pd.DataFrame:
    """Returns the volatilities a year of the first day after so many days, one row for each.

    Of equal weights, and of each asset alone; and the mean and deviation of the noise behind the
    days, which should be 0 and 1.
    """
    returns = log_returns(pd.read_csv(run.config.experiment.source.data, index_col=0)).to_numpy()
    market = run.simulator()
    names = ["equal weights", *run.facts.tickers]
    portfolios = [np.full(len(YEARLY), 1 / len(YEARLY)), *np.eye(len(YEARLY))]
    states = [market.states(weights) for weights in portfolios]
    rows = {}
    for count in shown:
        past = states[0].after(run.facts.scaler.transform(returns[:count]))
        volatilities = [state.volatility(past[None])[0] * np.sqrt(YEAR) for state in states]
        noise = past[-min(count, 504) :]
        rows[count] = [*volatilities, noise.mean(axis=0), noise.std(axis=0)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*names, "mean", "deviation"])


def table(found: pd.DataFrame, asked: argparse.Namespace) -> str:
    """Returns the table in Markdown, with the truth in its first row, and in its second the sample.

    A generator learns the volatilities of the days that it is shown: with heavy tails even many
    days have others than the truth.
    """
    made = np.diff(np.log(made_prices(asked.days, asked.seed).to_numpy()), axis=0)
    sample = np.sqrt(YEAR) * np.array([made.mean(axis=1).std(), *made.std(axis=0)])
    truth = [np.sqrt((YEARLY**2).sum()) / len(YEARLY), *YEARLY]
    volatilities = found.iloc[:, : len(truth)].to_numpy(float)
    worst = np.abs(volatilities / truth - 1).max()
    names = list(found.columns[: len(truth)])
    lines = [
        "| days shown | " + " | ".join(names) + " | noise: mean | deviation |",
        "| ---: |" + " ---: |" * (len(names) + 2),
        "| truth | " + " | ".join(f"{each:.1%}" for each in truth) + " | 0 | 1 |",
        "| sample | " + " | ".join(f"{each:.1%}" for each in sample) + " | | |",
    ]
    for (count, row), each in zip(found.iterrows(), volatilities, strict=True):
        mean, deviation = row["mean"], row["deviation"]
        lines.append(
            f"| {count:,} | "
            + " | ".join(f"{value:.1%}" for value in each)
            + f" | {mean.min():+.2f} to {mean.max():+.2f} "
            + f"| {deviation.min():.2f} to {deviation.max():.2f} |"
        )
    lines.append(
        f"\nVolatility a year of the first day after the days shown. The furthest is {worst:.1%} "
        f"from the truth. {asked.days:,} days, {asked.epochs} epochs, seed {asked.seed}, "
        f"Keras {keras.__version__} on {keras.backend.backend()}."
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
