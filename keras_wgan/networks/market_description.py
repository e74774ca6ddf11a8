"""Market generators as plain numbers, for programs that run them without Keras."""

from __future__ import annotations

import keras

from keras_wgan.errors import InvalidInputError
from keras_wgan.networks.form_descriptions import (
    GeneratorDescription as GeneratorDescription,
)
from keras_wgan.networks.joint_description import describe_joint
from keras_wgan.networks.joint_form import JointForm
from keras_wgan.networks.market import MarketGenerator
from keras_wgan.networks.shock_memory_description import describe_shock_memory
from keras_wgan.networks.shock_memory_form import ShockMemoryForm
from keras_wgan.networks.single_description import describe_single
from keras_wgan.networks.single_form import SingleForm


def describe_generator(generator: keras.Model) -> GeneratorDescription | None:
    """Describes a market generator, or returns `None` for a network that only Keras can run."""
    try:
        market = MarketGenerator(generator)
    except InvalidInputError:
        return None
    if isinstance(market.form, JointForm):
        return describe_joint(market, market.form)
    if isinstance(market.form, SingleForm):
        return describe_single(market, market.form)
    assert isinstance(market.form, ShockMemoryForm)
    return describe_shock_memory(market, market.form)
