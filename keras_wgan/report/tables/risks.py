"""The table of value at risk and expected shortfall, real and generated."""

from __future__ import annotations

from dataclasses import dataclass

from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS, ReturnFacts
from keras_wgan.metrics.returns.sampling_noise import SamplingNoise


@dataclass(frozen=True)
class RiskRow:
    """One line of the table of risks: log returns over some days, in the worst cases.

    Args:
        level: Share of the cases that are worse, such as 0.01.
        days: The number of days of the return.
        real_var: Value at risk of the real windows: the log return at that share, below zero.
        generated_var: Value at risk of the generated windows.
        real_es: Expected shortfall of the real windows: the mean log return of these cases.
        generated_es: Expected shortfall of the generated windows.
        var_range: The value at risk of 9 in 10 histories drawn from the real one, lowest and
            highest. Defaults to `None`, not measured.
        es_range: The same of the expected shortfall. Defaults to `None`.
    """

    level: float
    days: int
    real_var: float
    generated_var: float
    real_es: float
    generated_es: float
    var_range: tuple[float, float] | None = None
    es_range: tuple[float, float] | None = None

    @property
    def within_noise(self) -> bool | None:
        """Whether both generated risks lie in their ranges; `None` if these were not measured."""
        if self.var_range is None or self.es_range is None:
            return None
        (low, high), (low_es, high_es) = self.var_range, self.es_range
        return low <= self.generated_var <= high and low_es <= self.generated_es <= high_es


def risk_rows(
    real: ReturnFacts, generated: ReturnFacts, *, noise: SamplingNoise | None = None
) -> tuple[RiskRow, ...]:
    """Returns real and generated risks side by side, for 1% and 5% and 1, 5 and 20 days.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_facts
    from keras_wgan.report import risk_rows

    facts = return_facts(0.01 * np.random.default_rng(0).normal(size=(200, 60)))
    rows = risk_rows(facts, facts)
    assert rows[0].real_var == facts.value_at_risk(0.01, horizon=1)
    ```

    Args:
        real: Facts of the real windows.
        generated: Facts of the generated windows.
        noise: The sampling noise of the real history, from `sampling_noise`. Defaults to `None`,
            no ranges.

    Returns:
        A row for each level and number of days; days beyond the windows are left out.
    """
    return tuple(
        RiskRow(
            level=level,
            days=days,
            real_var=real.value_at_risk(level, days),
            generated_var=generated.value_at_risk(level, days),
            real_es=real.expected_shortfall(level, days),
            generated_es=generated.expected_shortfall(level, days),
            var_range=None if noise is None else noise.value_at_risk[level, days],
            es_range=None if noise is None else noise.expected_shortfall[level, days],
        )
        for level in RISK_LEVELS
        for days in RISK_HORIZONS
        if days in real.horizons and days in generated.horizons
    )
