"""The table of value at risk and expected shortfall, real and generated."""

from __future__ import annotations

from dataclasses import dataclass

from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS, ReturnFacts


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
    """

    level: float
    days: int
    real_var: float
    generated_var: float
    real_es: float
    generated_es: float


def risk_rows(real: ReturnFacts, generated: ReturnFacts) -> tuple[RiskRow, ...]:
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
        )
        for level in RISK_LEVELS
        for days in RISK_HORIZONS
        if days in real.horizons and days in generated.horizons
    )
