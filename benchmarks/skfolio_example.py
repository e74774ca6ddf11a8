"""The example of docs/skfolio.md: weights from simulated days and from history, on later days.

    python -m benchmarks.skfolio_example
    python -m benchmarks.skfolio_example --epochs 20 --seeds 3

Portfolios of four stocks with the smallest expected shortfall, from 2000 to 2011, and their loss
from 2012 to 2022.
"""

import argparse

import numpy as np
from skfolio import RiskMeasure
from skfolio.datasets import load_sp500_dataset
from skfolio.optimization import EqualWeighted, MeanRisk

from keras_wgan.experiments import MarketSimulator, synthetic_prior

STOCKS = ["JPM", "JNJ", "XOM", "MSFT"]


def main() -> None:
    """Prints weights and losses."""
    asked = _arguments()
    linear = load_sp500_dataset()[STOCKS].pct_change().dropna()
    fit, test = linear["2000-01-01":"2011-12-31"], linear["2012-01-01":]
    models = {"equal weights": EqualWeighted(), "history": MeanRisk(risk_measure=RiskMeasure.CVAR)}
    for seed in range(asked.seeds):
        simulator = MarketSimulator(epochs=asked.epochs, random_state=seed)
        prior = synthetic_prior(simulator, 10_000, {"days": 20})
        models[f"simulated days, seed {seed}"] = MeanRisk(
            risk_measure=RiskMeasure.CVAR, prior_estimator=prior
        )
    print(f"| | {' | '.join(STOCKS)} | ES 5% of a day, 2000-2011 | 2012-2022 |\n|---|" + "--:|" * 6)
    for name, model in models.items():
        model.fit(fit)
        weights = " | ".join(f"{weight:.2f}" for weight in np.asarray(model.weights_))
        losses = " | ".join(f"{100 * model.predict(days).cvar:.2f}%" for days in (fit, test))
        print(f"| {name} | {weights} | {losses} |", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, help="default: those of the recipe portfolio")
    parser.add_argument("--seeds", type=int, default=1, help="trainings")
    return parser.parse_args()


if __name__ == "__main__":
    main()
