"""skfolio's prior of simulated days, whose arguments are checked before the training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import clone

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.experiments.day_sampling import DaySampling
from keras_wgan.experiments.estimator import MarketSimulator

if TYPE_CHECKING:
    from skfolio.prior import SyntheticData

SAMPLE_ARGUMENTS = tuple(each.name for each in fields(DaySampling))


def synthetic_prior(
    simulator: MarketSimulator,
    n_samples: int = 1000,
    sample_args: Mapping[str, Any] | None = None,
) -> SyntheticData:
    """Returns skfolio's prior that samples a market simulator, with its arguments checked.

    `skfolio.prior.SyntheticData` passes `sample_args` to `sample` after the minutes of training,
    and only then is a wrong one refused. Here names and values are refused at once, and assets that
    are none of `X` before the training begins.

    Example:
    ```python
    from keras_wgan.experiments import MarketSimulator, synthetic_prior

    def crash_prior():
        simulator = MarketSimulator(random_state=0)
        return synthetic_prior(simulator, 10_000, {"start": "today", "days": 20})
    ```

    Args:
        simulator: An unfitted simulator; it is left as it is.
        n_samples: The number of days. Defaults to `1000`.
        sample_args: Arguments of `DaySampling`, which replace those of the simulator's `sampling`.
            Defaults to `None`, none.

    Returns:
        A `SyntheticData` for the `prior_estimator` of any skfolio optimization.

    Raises:
        ValueError: If an argument is unknown, or refused by `DaySampling`.
        ImportError: If skfolio is missing.
    """
    try:
        from skfolio.prior import SyntheticData
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            "The prior of skfolio needs skfolio: pip install 'keras-wgan[skfolio]'"
        ) from error
    asked = dict(sample_args or {})
    unknown = [str(name) for name in asked if name not in SAMPLE_ARGUMENTS]
    if unknown:
        raise InvalidInputError(
            f"`sample_args` must hold {', '.join(SAMPLE_ARGUMENTS)}, the arguments of DaySampling. "
            f"Received: {', '.join(unknown)}"
        )
    prepared = _OfWholeHistories(**clone(simulator).get_params(deep=False))
    if asked:
        prepared.set_params(sampling=replace(prepared.checked_sampling(), **asked))
    return SyntheticData(
        distribution_estimator=prepared, n_samples=whole_number("n_samples", n_samples)
    )


class _OfWholeHistories(MarketSimulator):
    """A simulator that refuses a missing past before its training, as the prior would after it."""

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        if pd.isna(np.asarray(X)).any():
            raise InvalidInputError(
                "`X` must not have NaN for a prior of skfolio, whose moments are those of `X`. Use "
                "the days of all assets, `X.dropna()`, or fit a MarketSimulator without skfolio."
            )
        return super().fit(X, y)
