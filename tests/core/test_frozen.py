"""Frozen networks and layers stay as they are on every backend, whenever they were frozen."""

import keras
import numpy as np
import pytest
from keras import ops

from helpers.tiny import table_data, table_model


def values(network):
    return [ops.convert_to_numpy(weight).copy() for weight in network.weights]


def moved(network, before):
    return [not np.array_equal(a, b) for a, b in zip(values(network), before, strict=True)]


@pytest.mark.parametrize("frozen", [["generator"], ["critic"], ["generator", "critic"]])
def test_a_network_that_is_frozen_as_a_whole_does_not_move(frozen):
    model = table_model(compiled=False)
    for role in frozen:
        getattr(model, role).trainable = False
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    before = {role: values(getattr(model, role)) for role in ("generator", "critic")}
    history = model.fit(table_data(16), batch_size=8, verbose=0).history
    assert np.isfinite(history["critic_loss"][0])
    for role in before:
        assert any(moved(getattr(model, role), before[role])) == (role not in frozen)


def test_the_critic_warms_up_alone_and_then_both_train():
    model = table_model(ema_momentum=0.9)
    model.generator.trainable = False
    model.compile()
    first = values(model.generator)
    model.fit(table_data(16), verbose=0)
    assert not any(moved(model.generator, first))
    model.generator.trainable = True
    with pytest.raises(ValueError, match="optimizer of the generator does not know.*`compile`"):
        model.fit(table_data(16), verbose=0)
    model.compile()
    model.fit(table_data(16), verbose=0)
    assert all(moved(model.generator, first))


@pytest.mark.slow
def test_a_layer_that_is_frozen_after_compile_rests_with_a_warning():
    model = table_model()
    model.fit(table_data(16), verbose=0)  # the step is compiled
    before = values(model.critic)
    model.critic.layers[0].trainable = False
    with pytest.warns(UserWarning, match="2 weights of the critic.*frozen after `compile`"):
        model.fit(table_data(16), verbose=0)
    assert moved(model.critic, before)[:2] == [False, False]
    assert moved(model.critic, before)[2]
    model.critic.layers[0].trainable = True
    model.fit(table_data(16), verbose=0)
    assert all(moved(model.critic, before)[:2])


@pytest.mark.slow
def test_freezing_one_layer_instead_of_another_of_the_same_shape_is_noticed():
    layers = keras.layers
    critic = keras.Sequential(
        [keras.Input((2,)), layers.Dense(2), layers.Dense(2), layers.Dense(1)]
    )
    model = table_model(compiled=False)
    from keras_wgan import WGANGP

    model = WGANGP(model.generator, critic, latent=3)
    model.compile()
    for resting, training in ((0, 1), (1, 0)):
        critic.layers[resting].trainable, critic.layers[training].trainable = False, True
        before = [values(critic.layers[index]) for index in (0, 1)]
        with pytest.warns(UserWarning, match="frozen after `compile`"):
            model.fit(table_data(16), verbose=0)
        assert not any(moved(critic.layers[resting], before[resting]))
        assert any(moved(critic.layers[training], before[training]))  # not the bias: D is linear
