"""skfolio's vine copula of the returns of several assets, as a simulator of independent days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.market.baselines.fitted import FittedBaseline

Array = NDArray[np.float64]


class VineCopula(FittedBaseline):
    """Independent days, with margins and pairwise copulas that skfolio selects.

    Each pair of assets, given others, gets the copula of a dozen that fits it best, so that joint
    tails may differ from pair to pair. The order of the days is lost. The fit takes most of a
    minute for 20 assets; it needs `pip install 'keras-wgan[skfolio]'`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import VineCopula

    history = 0.01 * np.random.default_rng(0).standard_t(5, size=(300, 3))
    paths = VineCopula().fit(history).sample(100, 60, seed=0)
    assert paths.shape == (100, 60, 3)
    ```

    Reference:
        `skfolio.distribution.VineCopula`; Aas, Czado, Frigessi and Bakken (2009), Pair-Copula
        Constructions of Multiple Dependence.
    """

    name = "vine copula"
    assets = "several"

    def _estimate(self, history: Array) -> Any:
        try:
            from skfolio.distribution import VineCopula as Vine
        except ModuleNotFoundError as error:
            raise MissingPackageError(
                "The vine copula needs skfolio: pip install 'keras-wgan[skfolio]'"
            ) from error
        if history.shape[1] < 3:
            raise InvalidInputError(
                "`returns` must have at least 3 assets for a vine copula. "
                f"Received: returns.shape={history.shape}. Use GarchCopula for fewer."
            )
        return Vine().fit(history)

    def _draw(self, found: Any, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        found.set_params(random_state=int(rng.integers(2**31)))
        return np.asarray(found.sample(shape[0] * shape[1])).reshape(*shape, -1)

    def _describe(self, found: Any) -> dict[str, float]:
        return {"assets": int(found.n_features_in_)}
