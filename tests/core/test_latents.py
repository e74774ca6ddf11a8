"""Every latent against its distribution in SciPy."""

import keras
import numpy as np
import pytest
from scipy import stats

from keras_wgan import latents
from keras_wgan.latents import AlphaStable, Latent, Normal, StudentT, Uniform, as_latent

LAWS = [
    (Normal, {}, stats.norm()),
    (Uniform, {}, stats.uniform(-1, 2)),
    (StudentT, {"df": 3}, stats.t(3)),
    (StudentT, {"df": 8}, stats.t(8)),
    (AlphaStable, {"alpha": 1.7}, stats.levy_stable(1.7, 0.0)),
    (AlphaStable, {"alpha": 1.5, "beta": 0.5}, stats.levy_stable(1.5, 0.5)),
    (AlphaStable, {"alpha": 1.3, "beta": -1.0}, stats.levy_stable(1.3, -1.0)),
    (AlphaStable, {"alpha": 1.01, "beta": 0.5}, stats.levy_stable(1.01, 0.5)),
    (AlphaStable, {"alpha": 1.0, "beta": 0.3}, stats.levy_stable(1.0, 0.3)),
    (AlphaStable, {"alpha": 1.0, "beta": 0.0}, stats.cauchy()),
    (AlphaStable, {"alpha": 0.8, "beta": -0.6}, stats.levy_stable(0.8, -0.6)),
    (AlphaStable, {"alpha": 0.5, "beta": 1.0}, stats.levy()),
    (AlphaStable, {"alpha": 2.0}, stats.norm(scale=np.sqrt(2))),
]


def name(latent, arguments):
    return "-".join([latent.__name__, *(f"{key}={value}" for key, value in arguments.items())])


every_latent = pytest.mark.parametrize(
    ("latent", "arguments"),
    [pytest.param(*law[:2], id=name(*law[:2])) for law in LAWS],
)
every_law = pytest.mark.parametrize(
    ("latent", "arguments", "law"), [pytest.param(*law, id=name(*law[:2])) for law in LAWS]
)


def draw(latent, count, seed=1):
    return keras.ops.convert_to_numpy(latent.sample(count, seed))


@pytest.mark.parametrize(("size", "shape"), [(3, (3,)), ((2, 3), (2, 3)), (np.int64(3), (3,))])
@every_latent
def test_noise_is_finite_float32_with_the_asked_size_for_each_sample(
    latent, arguments, size, shape
):
    noise = draw(latent(size, **arguments), 4)
    assert noise.dtype == np.float32
    assert noise.shape == (4, *shape)
    assert np.isfinite(noise).all()


@every_latent
def test_the_same_seed_draws_the_same_noise_and_another_seed_other_noise(latent, arguments):
    source = latent(3, **arguments)
    np.testing.assert_array_equal(draw(source, 4, seed=5), draw(source, 4, seed=5))
    assert not np.isclose(draw(source, 4, seed=5), draw(source, 4, seed=6)).any()


@every_latent
def test_a_seed_generator_moves_on_with_each_draw(latent, arguments):
    source, generator = latent(3, **arguments), keras.random.SeedGenerator(5)
    first, second = draw(source, 4, generator), draw(source, 4, generator)
    assert not np.isclose(first, second).any()
    again = keras.random.SeedGenerator(5)
    np.testing.assert_array_equal(draw(source, 4, again), first)
    np.testing.assert_array_equal(draw(source, 4, again), second)


@pytest.mark.parametrize("size", [3, (2, 3)])
@every_latent
def test_a_saved_and_loaded_latent_draws_the_same(latent, arguments, size):
    source = latent(size, **arguments)
    loaded = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(source))
    assert type(loaded) is latent
    np.testing.assert_array_equal(draw(loaded, 4), draw(source, 4))
    assert repr(loaded) == repr(source)


@every_law
def test_quantiles_agree_with_scipy(latent, arguments, law):
    count = 40_000
    noise = draw(latent(4, **arguments), count // 4, seed=11).astype("float64")
    for share in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99):
        # Of a sample's quantile only the law's distribution function is known quickly.
        there = law.cdf(np.quantile(noise, share))
        assert there == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / count))


@every_latent
def test_coordinates_are_independent_in_place_and_in_size(latent, arguments):
    count = 10_000
    noise = draw(latent(4, **arguments), count, seed=12)
    for values in (noise, np.abs(noise)):
        correlations = stats.spearmanr(values).statistic[np.triu_indices(4, 1)]
        assert np.abs(correlations).max() < 4 / np.sqrt(count)


def test_an_alpha_of_two_has_variance_two():
    noise = draw(AlphaStable(4, alpha=2.0), 10_000).astype("float64")
    assert noise.var() == pytest.approx(2.0, abs=4 * np.sqrt(8 / noise.size))


def test_a_student_t_has_the_variance_of_its_degrees_of_freedom():
    noise = draw(StudentT(4, df=20), 10_000).astype("float64")
    fourth = 3 + 6 / (20 - 4)  # its kurtosis
    expected = 20 / (20 - 2)
    error = expected * np.sqrt((fourth - 1) / noise.size)
    assert noise.var() == pytest.approx(expected, abs=4 * error)


def uniforms(monkeypatch, first, second):
    """Makes the latents draw these uniforms, and nothing random."""
    both = [keras.ops.convert_to_tensor(u, dtype="float32") for u in (first, second)]
    monkeypatch.setattr(latents, "_two_uniforms", lambda shape, seed: both)


EDGES = np.array([2**-24, 2**-23, 1e-6, 0.25, 0.5, 0.75, 1 - 1e-6, 1 - 2**-23, 1 - 2**-24])
HARD = [
    *[StudentT(1, df=df) for df in (0.1, 1, 1e6)],
    *[
        AlphaStable(1, alpha=alpha, beta=beta)
        for alpha in (0.1, 0.5, 0.8, 0.999, 1.0, 1.001, 1.7, 2.0)
        for beta in (-1.0, 0.0, 1.0)
    ],
]


@pytest.mark.parametrize("latent", HARD, ids=repr)
def test_the_rarest_draws_are_finite_and_leave_room_to_square_them(latent, monkeypatch):
    uniforms(monkeypatch, *np.array(np.meshgrid(EDGES, EDGES)).reshape(2, -1))
    noise = draw(latent, 1)
    assert np.abs(noise).max() <= np.float32(1e18)
    assert np.isfinite(np.square(noise)).all()


@pytest.mark.parametrize(
    ("alpha", "beta"), [(0.5, 1.0), (0.999, 0.5), (1.001, 0.5), (1.3, 1.0), (1.7, 0.0), (2.0, 0.0)]
)
def test_float32_loses_nothing_against_the_formula_in_float64(alpha, beta, monkeypatch):
    first, second = np.random.default_rng(3).integers(1, 2**24, size=(2, 50_000)) / 2**24
    uniforms(monkeypatch, first, second)
    angle, waiting = np.pi * (first - 0.5), -np.log(second)
    skew = beta * np.tan(np.pi * alpha / 2)  # Weron (1996), equation 3.9, S1 with scale 1
    turned = alpha * (angle + np.arctan(skew) / alpha)
    exact = (
        (1 + skew**2) ** (1 / (2 * alpha))
        * np.sin(turned)
        / np.cos(angle) ** (1 / alpha)
        * (np.cos(angle - turned) / waiting) ** ((1 - alpha) / alpha)
    )
    size = 1 + np.abs(exact)
    error = np.abs(draw(AlphaStable(1, alpha=alpha, beta=beta), 1) - exact) / size
    assert np.median(error) < 2e-7
    assert np.quantile(error, 0.999) < 5e-4


def test_a_whole_number_means_that_many_standard_normals():
    np.testing.assert_array_equal(draw(as_latent(6), 5), draw(Normal(6), 5))
    assert as_latent(np.int64(6)).shape == (6,)


def test_a_latent_is_accepted_as_it_is():
    latent = StudentT(6, df=4)
    assert as_latent(latent) is latent


def test_a_latent_of_ones_own_must_say_how_it_is_drawn():
    with pytest.raises(NotImplementedError, match="override `sample`"):
        Latent(3).sample(2)


@pytest.mark.parametrize("size", [0, -1, (), (3, 0), 1.5, (2.0,), "ab"])
def test_a_size_that_is_not_made_of_whole_numbers_is_refused(size):
    with pytest.raises(
        ValueError, match=r"`size` must hold one or more whole numbers.*Received: size="
    ):
        Normal(size)


@pytest.mark.parametrize(
    ("latent", "arguments", "message"),
    [
        (StudentT, {"df": 0}, "`df` must be a finite number above 0.*df=0"),
        (StudentT, {"df": np.nan}, "`df` must be a finite number above 0.*df=nan"),
        (StudentT, {"df": np.inf}, "`df` must be a finite number above 0.*df=inf"),
        (AlphaStable, {"alpha": 0}, "`alpha` must be a finite number above 0 .*alpha=0"),
        (AlphaStable, {"alpha": 2.1}, "`alpha` must .*at most 2.*alpha=2.1"),
        (AlphaStable, {"alpha": np.nan}, "`alpha` must .*alpha=nan"),
        (
            AlphaStable,
            {"alpha": 1.5, "beta": -1.1},
            "`beta` must .*at least -1 and at most 1.*beta=-1.1",
        ),
        (AlphaStable, {"alpha": 1.5, "beta": np.nan}, "`beta` must .*beta=nan"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(latent, arguments, message):
    with pytest.raises(ValueError, match=message):
        latent(3, **arguments)


@pytest.mark.parametrize("latent", ["normal", 2.5, None])
def test_something_that_is_no_latent_is_refused(latent):
    with pytest.raises(TypeError, match=r"`latent` must be a whole number.*StudentT.*Received"):
        as_latent(latent)


@pytest.mark.parametrize("shape", [(12, 3), [12, 3]])
def test_a_shape_alone_means_normals_of_that_shape(shape):
    latent = as_latent(shape)
    assert repr(latent) == "Normal(size=[12, 3])" and latent.shape == (12, 3)


@pytest.mark.parametrize("shape", [(), (12, 0), (12, 2.5)])
def test_a_shape_of_anything_but_sizes_is_refused(shape):
    with pytest.raises(ValueError, match="`latent` must hold one or more whole numbers"):
        as_latent(shape)
