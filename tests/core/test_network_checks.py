"""Each mismatch raises an error that says what was expected, what was received, and what to do."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP
from keras_wgan.latents import Normal

from helpers.tiny import conditional_model, table_data, table_model, table_networks

layers = keras.layers


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("gp_weight", -1.0),
        ("gp_weight", float("nan")),
        ("gp_target", 0.0),
        ("critic_steps", 0),
        ("critic_steps", 1.5),
        ("ema_momentum", 1.0),
        ("ema_momentum", -0.1),
    ],
)
def test_a_setting_out_of_range_is_named_with_its_value(argument, value):
    with pytest.raises(ValueError, match=rf"`{argument}`.*Received: {argument}={value}"):
        table_model(**{argument: value})


def test_a_critic_of_two_numbers_a_sample_is_refused():
    generator, _ = table_networks()
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    with pytest.raises(ValueError, match=r"one number a sample.*Dense\(1\).*\(None, 2\)"):
        WGANGP(generator, critic, latent=3)


def test_a_critic_without_flatten_is_refused():
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(5), layers.Reshape((5, 1))])
    critic = keras.Sequential([keras.Input((5, 1)), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"one number a sample.*Flatten.*\(None, 5, 1\)"):
        WGANGP(generator, critic, latent=3)


def test_a_critic_of_two_outputs_is_refused_at_once():
    generator, _ = table_networks()
    inputs = keras.Input((2,))
    critic = keras.Model(inputs, [layers.Dense(1)(inputs), layers.Dense(1)(inputs)])
    with pytest.raises(ValueError, match="`critic` must have a single output.*with 2 outputs"):
        WGANGP(generator, critic, latent=3)


def test_a_subclassed_critic_of_two_outputs_is_refused_at_once():
    class Two(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.other = layers.Dense(1), layers.Dense(1)

        def call(self, inputs):
            return self.one(inputs), self.other(inputs)

    with pytest.raises(ValueError, match="`critic` must have a single output.*with 2 outputs"):
        WGANGP(table_networks()[0], Two(), latent=3)


def test_a_layer_of_both_networks_is_refused_by_its_name():
    shared, latents, samples = layers.Dense(2, name="both"), keras.Input((2,)), keras.Input((2,))
    generator = keras.Model(latents, shared(latents))
    critic = keras.Model(samples, layers.Dense(1)(shared(samples)))
    with pytest.raises(ValueError, match="must not share a layer.*'both/kernel'"):
        WGANGP(generator, critic, latent=2)


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
def test_data_before_compile_is_refused_in_one_sentence(method):
    with pytest.raises(ValueError, match=rf"Call `compile\(\)` before `{method}\(\)`"):
        getattr(table_model(compiled=False), method)(table_data())


def test_a_latent_of_another_size_names_both():
    generator, critic = table_networks(latent=3)
    with pytest.raises(ValueError, match=r"`latent`.*latent \(4,\), generator input \(3,\)"):
        WGANGP(generator, critic, latent=4)
    with pytest.raises(ValueError, match=r"latent \(3, 1\), generator input \(3,\)"):
        WGANGP(generator, critic, latent=Normal((3, 1)))


@pytest.mark.parametrize("latent", ["100", 2.5, None])
def test_a_latent_of_another_kind_is_refused(latent):
    generator, critic = table_networks()
    with pytest.raises((TypeError, ValueError), match="`latent` must be a whole number"):
        WGANGP(generator, critic, latent=latent)


def test_data_of_another_shape_names_both_at_the_first_batch():
    with pytest.raises(ValueError, match=r"generator output \(2,\), data \(3,\)"):
        table_model().fit(table_data(width=3), verbose=0)


def test_a_critic_that_does_not_take_the_generators_output_names_it():
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    critic = keras.Sequential([keras.Input((5,)), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"`critic`.*\(None, 2\)"):
        WGANGP(generator, critic, latent=3)


def test_fit_before_compile_says_to_compile():
    with pytest.raises(ValueError, match="compile"):
        table_model(compiled=False).fit(table_data(), verbose=0)


def test_one_optimizer_for_both_is_refused():
    adam = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="two objects"):
        table_model(compiled=False).compile(adam, adam)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_integer_data_is_refused_with_the_cure(dtype):
    data = np.ones((4, 2), dtype)
    with pytest.raises(ValueError, match="floating point.*127.5 - 1.*dtype=u?int"):
        table_model().train_on_batch(data)


def test_pairs_for_networks_without_a_condition_are_refused():
    with pytest.raises(ValueError, match="generator.* takes latents alone"):
        table_model().fit(table_data(8), np.zeros(8, int), verbose=0)


def test_samples_alone_for_conditional_networks_are_refused():
    with pytest.raises(ValueError, match=r"Pass pairs: `fit\(x, condition\)`"):
        conditional_model().fit(table_data(8), verbose=0)


def test_float16_and_batch_norm_are_found_inside_layers_of_the_users_own():
    class Block(layers.Layer):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def call(self, inputs):
            return self.inner(inputs)

    generator, _ = table_networks()
    half = Block(layers.Dense(1, dtype="mixed_float16"))
    with pytest.raises(ValueError, match="mixed_bfloat16"):
        WGANGP(generator, keras.Sequential([keras.Input((2,)), half]), latent=3)
    mixes = keras.Sequential(
        [keras.Input((2,)), Block(layers.BatchNormalization()), layers.Dense(1)]
    )
    with pytest.warns(UserWarning, match="is a BatchNormalization"):
        WGANGP(generator, mixes, latent=3)


def test_one_conditional_network_alone_is_refused():
    conditional = conditional_model()
    _, critic = table_networks()
    with pytest.raises(ValueError, match="`critic` with one input"):
        WGANGP(conditional.generator, critic, latent=3)


def test_float16_is_refused_with_the_reason():
    generator, _ = table_networks()
    critic = keras.Sequential(
        [keras.Input((2,)), layers.Dense(1, dtype="mixed_float16", name="half")]
    )
    with pytest.raises(ValueError, match="differentiates a gradient.*mixed_bfloat16.*'half'"):
        WGANGP(generator, critic, latent=3)


def test_batch_norm_in_the_critic_warns_and_names_the_layer():
    generator, _ = table_networks()
    critic = keras.Sequential(
        [keras.Input((2,)), layers.BatchNormalization(name="mixes"), layers.Dense(1)]
    )
    with pytest.warns(UserWarning, match="'mixes' is a BatchNormalization"):
        model = WGANGP(generator, critic, latent=3)
    model.compile()
    history = model.fit(table_data(), verbose=0).history  # it works all the same
    assert np.isfinite(history["critic_loss"][0])


def test_many_batch_norms_in_the_critic_warn_once_and_frozen_ones_not_at_all(recwarn):
    def critic(trainable):
        norms = [layers.BatchNormalization(trainable=trainable) for _ in range(3)]
        return keras.Sequential([keras.Input((2,)), *norms, layers.Dense(1)])

    with pytest.warns(UserWarning, match="as are 2 more of its layers") as seen:
        WGANGP(table_networks()[0], critic(True), latent=3)
    assert len(seen) == 1
    WGANGP(table_networks()[0], critic(False), latent=3)
    assert not recwarn.list


@pytest.mark.parametrize(
    "ending",
    [
        [layers.Dense(1, activation="sigmoid")],
        [layers.Dense(1), layers.Activation("sigmoid")],
        [keras.Sequential([layers.Dense(1, activation="sigmoid")])],
    ],
    ids=["in the layer", "a layer of its own", "in a nested model"],
)
def test_a_critic_that_ends_in_a_sigmoid_warns(ending):
    generator, _ = table_networks()
    with pytest.warns(UserWarning, match="ends in a sigmoid"):
        WGANGP(generator, keras.Sequential([keras.Input((2,)), *ending]), latent=3)


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        ([layers.Dense(1, activation="tanh")], "tanh"),
        ([layers.Dense(1, activation="relu")], "relu"),
        ([layers.Dense(1), layers.ReLU()], "relu"),
    ],
)
def test_a_critic_that_ends_in_any_bounded_activation_warns(ending, name):
    with pytest.warns(UserWarning, match=f"ends in a {name}"):
        WGANGP(table_networks()[0], keras.Sequential([keras.Input((2,)), *ending]), latent=3)


def test_a_critic_that_ends_in_an_operation_warns():
    samples = keras.Input((2,))
    critic = keras.Model(samples, keras.ops.sigmoid(layers.Dense(1)(samples)))
    with pytest.warns(UserWarning, match="ends in a sigmoid"):
        WGANGP(table_networks()[0], critic, latent=3)


def test_batch_norm_before_a_linear_layer_alone_cannot_train():
    critic = keras.Sequential(
        [keras.Input((2,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(1)]
    )
    with pytest.warns(UserWarning, match="nothing trains"):
        model = WGANGP(table_networks()[0], critic, latent=3)
    model.compile()
    assert abs(model.train_on_batch(table_data(), return_dict=True)["wasserstein"]) < 1e-5


def networks_of(*names):
    """A generator and a critic that take as many inputs as there are names, as dictionaries."""
    made = []
    for units in (2, 1):
        inputs = {name: keras.Input((2,), name=name) for name in names}
        joined = layers.Concatenate()(list(inputs.values()))
        made.append((inputs, layers.Dense(units)(joined)))
    return made


def test_networks_with_two_conditions_are_refused():
    made = networks_of("first", "second", "third")
    networks = [keras.Model(list(inputs.values()), outputs) for inputs, outputs in made]
    with pytest.raises(ValueError, match=r"`generator` must take at most two inputs.*3 inputs"):
        WGANGP(*networks, latent=2)


def test_networks_that_take_a_dictionary_are_refused():
    networks = [keras.Model(inputs, outputs) for inputs, outputs in networks_of("z", "c")]
    with pytest.raises(ValueError, match=r"as a list, \[latents, condition\].*'c', 'z'"):
        WGANGP(*networks, latent=2)


@pytest.mark.parametrize(
    "data", [None, [[0.0, 1.0], [1.0, 0.0]], np.ones((4, 2), "longdouble")], ids=type
)
def test_what_is_no_array_of_samples_is_refused_by_fit(data):
    with pytest.raises(ValueError, match="`x` must be an array of real samples in float32"):
        table_model().fit(data, verbose=0)


@pytest.mark.parametrize(("value", "name"), [(np.nan, "NaN"), (np.inf, "infinity")])
@pytest.mark.parametrize("convert", [np.asarray, keras.ops.convert_to_tensor])
def test_values_that_are_no_numbers_are_named_wherever_they_are(value, name, convert):
    data = table_data(4)
    data[1, 1] = value
    with pytest.warns(UserWarning, match=f"`x` holds {name}"):
        table_model().fit(convert(data), verbose=0)
    with pytest.warns(UserWarning, match=f"`validation_data` holds {name}"):
        table_model().fit(table_data(4), validation_data=convert(data), verbose=0)
