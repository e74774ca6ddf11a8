"""The weights after some WGAN-GP steps with Adam, computed by plain NumPy in float64.

This is independent of the package: the slope of the critic is derived by hand, and the gradients
of the losses are central differences, so that no automatic differentiation is trusted. The slope
jumps where a LeakyReLU changes sides. A gradient belongs to one side, so that differences are taken
with the sides fixed.
"""

import numpy as np

LEAK, NORM_EPSILON, BN_MOMENTUM = 0.3, 1e-3, 0.99  # Keras' defaults
# Larger than Keras' 1e-7, at which Adam turns the rounding of a gradient that is zero into a step.
ADAM_EPSILON = 1e-4
DIFFERENCE = 1e-5


def train(generator, critic, real, latents, mixing, settings):
    """Trains the weights and returns them; every input is float64.

    generator: [kernel, gamma, beta, moving_mean, moving_variance, kernel, bias]
    critic: [kernel, bias, gamma, beta, kernel, bias]
    real: (steps, batch, width); latents: (steps, 2, batch, size); mixing: (steps, batch, 1)
    """
    trained_in_generator = [0, 1, 2, 5, 6]
    adam_critic = Adam([critic[i] for i in range(6)], settings)
    adam_generator = Adam([generator[i] for i in trained_in_generator], settings)
    for x, z, u in zip(real, latents, mixing, strict=True):
        fake = generate(generator, z[0], Sides(), update_averages=True)
        adam_critic.step(
            lambda sides, x=x, fake=fake, u=u: critic_objective(
                critic, x, fake, u, settings["gp_weight"], sides
            )
        )
        generate(generator, z[1], Sides(), update_averages=True)
        adam_generator.step(
            lambda sides, z=z: -np.mean(score(critic, generate(generator, z[1], sides), sides))
        )
    return generator, critic


def critic_objective(critic, real, fake, u, gp_weight, sides):
    """E[D(fake)] - E[D(real)] + weight * E[(|slope| - 1)^2]."""
    slope = critic_slope(critic, u * real + (1 - u) * fake, sides)
    penalty = np.mean((np.sqrt(np.sum(slope**2, axis=1)) - 1) ** 2)
    gap = np.mean(score(critic, fake, sides)) - np.mean(score(critic, real, sides))
    return gap + gp_weight * penalty


def generate(weights, z, sides, update_averages=False):
    """Dense, BatchNorm on the batch, LeakyReLU, Dense."""
    kernel, gamma, beta, moving_mean, moving_variance, last, bias = weights
    hidden = z @ kernel
    mean, variance = hidden.mean(axis=0), hidden.var(axis=0)
    if update_averages:
        moving_mean += (1 - BN_MOMENTUM) * (mean - moving_mean)
        moving_variance += (1 - BN_MOMENTUM) * (variance - moving_variance)
    normed = gamma * (hidden - mean) / np.sqrt(variance + NORM_EPSILON) + beta
    return normed * sides.slope(normed) @ last + bias


def score(weights, x, sides):
    """Dense, LayerNorm, LeakyReLU, Dense."""
    normed = layer_norm(weights, x)[0]
    return (normed * sides.slope(normed) @ weights[4] + weights[5])[:, 0]


def critic_slope(weights, x, sides):
    """The gradient of `score` with respect to x, by hand."""
    normed, centered, deviation = layer_norm(weights, x)
    after = weights[4][:, 0] * sides.slope(normed) * weights[2]
    unit = centered / deviation
    along = np.mean(after * unit, axis=1, keepdims=True)
    before = (after - after.mean(axis=1, keepdims=True) - unit * along) / deviation
    return before @ weights[0].T


def layer_norm(weights, x):
    """The output of LayerNorm, and what its slope needs."""
    hidden = x @ weights[0] + weights[1]
    centered = hidden - hidden.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.mean(centered**2, axis=1, keepdims=True) + NORM_EPSILON)
    return weights[2] * centered / deviation + weights[3], centered, deviation


class Sides:
    """The slopes of all LeakyReLUs of one evaluation, in order; played back once `held`."""

    def __init__(self):
        self.slopes, self.held, self.place = [], False, 0

    def slope(self, x):
        """1 where x is positive, the leak elsewhere; as it was, if held."""
        if not self.held:
            self.slopes.append(np.where(x > 0, 1.0, LEAK))
        self.place += 1
        return self.slopes[self.place - 1]

    def again(self):
        """Returns itself, for one more evaluation with the sides held."""
        self.held, self.place = True, 0
        return self


class Adam:
    """Adam as Keras writes it, with the bias corrections in the step size."""

    def __init__(self, weights, settings):
        self.weights, self.settings, self.count = weights, settings, 0
        self.first = [np.zeros_like(w) for w in weights]
        self.second = [np.zeros_like(w) for w in weights]

    def step(self, loss):
        """Moves every weight one step down the loss."""
        gradients = [central_difference(loss, w) for w in self.weights]
        self.count += 1
        b1, b2 = self.settings["beta_1"], self.settings["beta_2"]
        rate = self.settings["learning_rate"]
        rate *= np.sqrt(1 - b2**self.count) / (1 - b1**self.count)
        for w, g, m, v in zip(self.weights, gradients, self.first, self.second, strict=True):
            m += (1 - b1) * (g - m)
            v += (1 - b2) * (g**2 - v)
            w -= rate * m / (np.sqrt(v) + ADAM_EPSILON)


def central_difference(loss, weights):
    """The gradient of a loss with respect to an array that it reads, which is put back."""
    gradient, sides = np.zeros_like(weights), Sides()
    loss(sides)
    for place in np.ndindex(weights.shape):
        kept = weights[place]
        weights[place] = kept + DIFFERENCE
        above = loss(sides.again())
        weights[place] = kept - DIFFERENCE
        gradient[place] = (above - loss(sides.again())) / (2 * DIFFERENCE)
        weights[place] = kept
    return gradient
