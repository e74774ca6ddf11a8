"""Copulas of GARCH shocks: normal or t dependence, with skewed t margins."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.optimize
import scipy.special
import scipy.stats
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.joint_garch import JointGarch

Array = NDArray[np.float64]

Dependence = Literal["Gaussian", "t"]
NORMAL_SCORES = np.linspace(-7.0, 7.0, 2801)  # where quantiles are tabulated: 1e-12 to 1 - 1e-12
MOST_FREEDOM = 200.0  # degrees, at which a t copula is a Gaussian one


@dataclass(frozen=True, eq=False)
class CopulaLaw:
    """A correlation of ranks, its degrees of freedom (infinite if Gaussian), and the margins.

    `quantiles` holds each asset's shocks at `NORMAL_SCORES`, `(assets, scores)`.
    """

    correlation: Array
    freedom: float
    quantiles: Array

    def draw(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        """Returns `(n, days, assets)` shocks, independent over time."""
        factor = np.linalg.cholesky(self.correlation)
        draws = rng.standard_normal((*shape, len(factor))) @ factor.T
        if np.isfinite(self.freedom):
            draws /= np.sqrt(rng.chisquare(self.freedom, size=shape) / self.freedom)[..., None]
            draws = _normal_scores(draws, self.freedom)
        pairs = zip(np.moveaxis(draws, -1, 0), self.quantiles, strict=True)
        return np.stack([np.interp(one, NORMAL_SCORES, shock) for one, shock in pairs], axis=-1)


class GarchCopula(JointGarch):
    """GJR-GARCH volatilities whose shocks are skewed t, and depend through a copula.

    The correlations of a Gaussian copula are those of the normal scores of the shocks. Those of a
    t copula follow from Kendall's tau, and its degrees of freedom maximize the likelihood of the
    shocks' ranks. A Gaussian copula makes extremes of different assets independent in the limit,
    so that joint crashes are too rare however strong the correlation is.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import GarchCopula

    history = 0.01 * np.random.default_rng(0).standard_t(5, size=(600, 3))
    model = GarchCopula("Gaussian").fit(history)
    assert model.name == "Gaussian copula" and model.sample(100, 60, seed=0).shape == (100, 60, 3)
    ```

    Args:
        dependence: `"Gaussian"` or `"t"`.

    Raises:
        ValueError: If `dependence` is another.

    Reference:
        Patton (2006), Modelling Asymmetric Exchange Rate Dependence; Demarta and McNeil (2005),
        The t Copula and Related Copulas; Hansen (1994) for skewed t.
    """

    def __init__(self, dependence: Dependence) -> None:
        if dependence not in ("Gaussian", "t"):
            raise InvalidInputError(
                f"`dependence` must be 'Gaussian' or 't'. Received: dependence={dependence!r}."
            )
        self.dependence = dependence

    @property
    def name(self) -> str:
        """The name in tables and plots, such as `t copula`."""
        return f"{self.dependence} copula"

    def _fit_law(self, shocks: Array) -> CopulaLaw:
        quantiles = np.stack([_skewed_t_quantiles(one) for one in shocks.T])
        ranks = scipy.stats.rankdata(shocks, axis=0) / (len(shocks) + 1)
        if self.dependence == "Gaussian":
            scores = scipy.special.ndtri(ranks)
            return CopulaLaw(np.atleast_2d(np.corrcoef(scores, rowvar=False)), np.inf, quantiles)
        correlation = _kendall_correlation(shocks)
        return CopulaLaw(correlation, _freedom(ranks, correlation), quantiles)

    def _shocks(
        self,
        law: CopulaLaw,
        days_before: NDArray[np.int64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> Array:
        return law.draw(shape, rng)

    def _describe_law(self, law: CopulaLaw) -> dict[str, float]:
        pairs = law.correlation[np.triu_indices(len(law.correlation), k=1)]
        found = {"mean_correlation": float(pairs.mean())} if len(pairs) else {}
        return found | ({"freedom": law.freedom} if np.isfinite(law.freedom) else {})


def _skewed_t_quantiles(shocks: Array) -> Array:
    """Returns the quantiles at `NORMAL_SCORES` of the skewed t that fits shocks best."""
    from arch import arch_model
    from arch.univariate import SkewStudent

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        law = arch_model(shocks, mean="Zero", vol="Constant", dist="skewt", rescale=False)
        fit = law.fit(disp="off", show_warning=False)
        shape = fit.params.to_numpy()[-2:]
        return np.asarray(SkewStudent().ppf(scipy.special.ndtr(NORMAL_SCORES), shape))


def _kendall_correlation(shocks: Array) -> Array:
    assets = shocks.shape[1]
    correlation = np.eye(assets)
    for one in range(assets):
        for other in range(one):
            tau = scipy.stats.kendalltau(shocks[:, one], shocks[:, other]).statistic
            correlation[one, other] = correlation[other, one] = np.sin(np.pi / 2 * tau)
    # Pairs that were estimated one by one need not fit together.
    values, vectors = np.linalg.eigh(correlation)
    fitting = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(fitting))
    return np.asarray(fitting / np.outer(scale, scale))


def _freedom(ranks: Array, correlation: Array) -> float:
    """Returns the degrees of freedom of the t copula under which the ranks are the likeliest."""
    assets = len(correlation)
    inverse, (_, log_determinant) = np.linalg.inv(correlation), np.linalg.slogdet(correlation)

    def loss(log_freedom: float) -> float:
        freedom = np.exp(log_freedom)
        scores = scipy.special.stdtrit(freedom, ranks)
        square = ((scores @ inverse) * scores).sum(axis=1)
        # All constants of the joint density over the product of the margins' densities.
        constant = (
            scipy.special.gammaln((freedom + assets) / 2)
            + (assets - 1) * scipy.special.gammaln(freedom / 2)
            - assets * scipy.special.gammaln((freedom + 1) / 2)
            - log_determinant / 2
        )
        joint = -(freedom + assets) / 2 * np.log1p(square / freedom)
        margins = (freedom + 1) / 2 * np.log1p(scores**2 / freedom).sum(axis=1)
        return float(-(constant + joint + margins).mean())

    bounds = (np.log(2.01), np.log(MOST_FREEDOM))
    found = scipy.optimize.minimize_scalar(loss, bounds=bounds, method="bounded")
    return float(np.exp(found.x))


def _normal_scores(draws: Array, freedom: float) -> Array:
    """Returns the normal quantiles of t draws of the same probability, from a table."""
    tabulated = scipy.special.stdtrit(freedom, scipy.special.ndtr(NORMAL_SCORES))
    return np.interp(draws, tabulated, NORMAL_SCORES)
