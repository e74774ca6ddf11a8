// What the generators of all forms do with the shocks of a day.

const MEAN_SIZE = Math.sqrt(2 / Math.PI); // of |z|, where z is a standard normal
const SIZE_DEVIATION = Math.sqrt(1 - 2 / Math.PI);

// The size of a standard normal, with mean 0 and variance 1.
export function sizeOf(shock) {
  return (Math.abs(shock) - MEAN_SIZE) / SIZE_DEVIATION;
}

// Exponential averages of several half-lives.
export class Memory {
  constructor(half_lives) {
    this.kept = Array.from(half_lives, (days) => 2 ** (-1 / days)); // of an average, a day later
    this.added = this.kept.map((share) => Math.sqrt(1 - share * share)); // of today's shock
  }

  // Adds a day's row to its averages, those of a number side by side.
  add(averages, row) {
    const { added, kept } = this;
    let place = 0;
    for (let channel = 0; channel < row.length; channel++) {
      for (let half_life = 0; half_life < kept.length; half_life++, place++) {
        averages[place] = kept[half_life] * averages[place] + added[half_life] * row[channel];
      }
    }
  }
}

// Tukey's h transform, with a weight and a scale of its own on each side.
export class TwoSidedTail {
  constructor({ tail_weights, tail_scales, tail_mean, tail_deviation }) {
    Object.assign(this, { tail_weights, tail_scales, tail_mean, tail_deviation });
    this.count = tail_mean.length;
  }

  of(shock, number) {
    const side = (shock < 0 ? 0 : this.count) + number;
    const stretch = Math.exp((this.tail_weights[side] * shock * shock) / 2);
    const stretched = shock * this.tail_scales[side] * stretch;
    return (stretched - this.tail_mean[number]) / this.tail_deviation[number];
  }
}

// Log volatility of an asset between a soft floor and a soft ceiling.
export function band(limits, value, asset) {
  const sharpness = limits.floor_sharpness[asset], floor = limits.floor[asset];
  const above = softplus(sharpness * (value + limits.level[asset] - floor)) / sharpness;
  const room = limits.ceiling[asset] - floor - above;
  const rounded = softplus(limits.ceiling_sharpness * room) / limits.ceiling_sharpness;
  return limits.ceiling[asset] - rounded;
}

// Twice as fast as Math.tanh, and as exact where it is added up.
export function tanh(x) {
  return 1 - 2 / (Math.exp(2 * x) + 1);
}

function softplus(x) {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
