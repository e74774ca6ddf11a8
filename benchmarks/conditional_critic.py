"""What a conditional critic adds to a volatility model whose state is observed.

    python -m benchmarks.conditional_critic --data prices.csv --origins 1974 1982 1990

At each origin a generator with the recursion of `FHS-multiscale` and a hidden volatility starts
from that model's weights, fitted by maximum likelihood to the 20 years before. `WGANGP.fit` then
trains it on pairs of a day's state and the 60 days that followed; the critic sees both. The start,
the trained generator and `FHS-multiscale` itself forecast the 4 years after, as in
`benchmarks.pooled_backtest`.
"""

import argparse
from pathlib import Path
from typing import Self

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from benchmarks.conditional_networks import conditional_critic, conditional_generator
from benchmarks.pooled_backtest import REFERENCE, origin_scores, table
from keras_wgan import WGANGP
from keras_wgan.data import load_prices, log_returns
from keras_wgan.io.files import write_atomically
from keras_wgan.market import BacktestSettings, RollingPlan, baselines, cut_origins
from keras_wgan.market.baselines.multiscale_model import (
    WARM_UP,
    MultiscaleState,
    filtered,
    fit_multiscale,
)

DAYS = 60
BATCH = 512
RATE = 1e-3


class ConditionalMultiscale:
    """A forecaster that a conditional critic has trained for some epochs; none for the start."""

    def __init__(self, epochs: int, seed: int = 0) -> None:
        self.epochs, self.seed = epochs, seed
        self.name = f"critic, {epochs} epochs" if epochs else "start of the critic"

    def fit(self, returns: ArrayLike) -> Self:
        """Fits the start by maximum likelihood, and trains it against the critic."""
        history = np.asarray(returns, np.float64)
        self.mean, self.std = history.mean(), history.std()
        standard = (history - self.mean) / self.std
        self.start = fit_multiscale(standard)
        self.generator = conditional_generator(DAYS)
        weights = [self.start.level, *self.start.trend, *self.start.activity]
        returns_layer = self.generator.get_layer("returns")
        returns_layer.weights_of_averages.assign(self.start.shock_std * np.array(weights))
        if self.epochs:
            self.generator.set_weights(self._trained(standard))
        return self

    def sample(self, n: int, days: int, seed: int) -> np.ndarray:
        """Refuses paths without a past, which no backtest asks a forecaster with a state for."""
        raise NotImplementedError("This forecaster continues a past: call `sample_after`.")

    def sample_after(self, returns: ArrayLike, n: int, days: int, seed: int) -> np.ndarray:
        """Returns `(n, days)` log returns after observed ones, with the mean of the history."""
        past = (np.asarray(returns, np.float64) - self.mean) / self.std
        states, _ = filtered(self.start, past)
        state = np.repeat(_rows(states.at(np.array([-1]))), n, axis=0)
        noise = np.random.default_rng(seed).standard_normal((n, 2 * DAYS + 1))
        drawn = self.generator.predict_on_batch([noise.astype("float32"), state])
        paths = np.asarray(drawn, np.float64)[:, :days, 0]
        return self.mean + self.std * (paths - paths.mean(axis=0))

    def describe(self) -> dict[str, float]:
        """Returns the persistence and the size of the hidden volatility."""
        layer = self.generator.get_layer("returns")
        return {
            "persistence": float(ops.convert_to_numpy(ops.tanh(layer.persistence))),
            "size": float(ops.convert_to_numpy(layer.size)),
        }

    def _trained(self, standard: np.ndarray) -> list[np.ndarray]:
        states, _ = filtered(self.start, standard)
        firsts = np.arange(WARM_UP, len(standard) - DAYS)
        futures = np.lib.stride_tricks.sliding_window_view(standard, DAYS)[firsts + 1]
        rows = _rows(states.at(firsts))
        steps = self.epochs * (len(firsts) // BATCH)
        model = WGANGP(
            self.generator,
            conditional_critic(DAYS),
            latent=2 * DAYS + 1,
            seed=self.seed,
            ema_momentum=0.99,
        )
        rates = [keras.optimizers.schedules.CosineDecay(r, steps, alpha=0.02) for r in (RATE, 2e-3)]
        model.compile(*(keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.9) for rate in rates))
        whole = len(firsts) // BATCH * BATCH
        order = np.random.default_rng(self.seed).permutation(len(firsts))[:whole]
        model.fit(
            futures[order, :, None].astype("float32"),
            rows[order],
            batch_size=BATCH,
            epochs=self.epochs,
            verbose=0,
        )
        return model.sampling_weights()


def main() -> None:
    """Scores the forecasters at the origins, and writes their table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="daily prices from 20 years before the first")
    parser.add_argument("--origins", type=int, nargs="+", default=[1974, 1982, 1990])
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--paths", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=Path("runs/conditional"), help="a folder")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    settings = BacktestSettings(paths=asked.paths)
    returns = log_returns(load_prices(start=None, end=None, source=asked.data))
    models = [
        *(baselines.get(name) for name in (REFERENCE, "FHS-multiscale")),
        ConditionalMultiscale(0),
        ConditionalMultiscale(asked.epochs),
    ]
    scores: dict[str, list[np.ndarray]] = {model.name: [] for model in models}
    for year in asked.origins:
        (origin,) = cut_origins(returns, RollingPlan(first=year, last=year))
        for model in models:
            scores[model.name].append(origin_scores(model, origin, settings, asked.out))
            print(f"{year}: {model.name}", flush=True)
    text = table(scores, settings, asked.origins)
    write_atomically(asked.out / "conditional.md", text.encode())
    print(f"{text}\nWrote {asked.out / 'conditional.md'}")


def _rows(states: MultiscaleState) -> np.ndarray:
    return np.concatenate([states.averages.T, states.level[:, None]], axis=1).astype("float32")


if __name__ == "__main__":
    main()
