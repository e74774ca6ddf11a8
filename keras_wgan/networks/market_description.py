"""Market generators as plain numbers, for programs that run them without Keras."""

from __future__ import annotations

import keras

from keras_wgan.errors import InvalidInputError
from keras_wgan.networks.form_descriptions import (
    GeneratorDescription as GeneratorDescription,
)
from keras_wgan.networks.form_descriptions import (
    describe_joint,
    describe_shock_memory,
)
from keras_wgan.networks.joint_form import JointForm
from keras_wgan.networks.market import MarketGenerator
from keras_wgan.networks.shock_memory_form import ShockMemoryForm


def describe_generator(generator: keras.Model) -> GeneratorDescription | None:
    """Describes a market generator, or returns `None` for a network that only Keras can run."""
    try:
        market = MarketGenerator(generator)
    except InvalidInputError:
        return None
    if isinstance(market.form, JointForm):
        return describe_joint(market, market.form)
    assert isinstance(market.form, ShockMemoryForm)
    return describe_shock_memory(market, market.form)
