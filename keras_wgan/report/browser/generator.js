// The market generator, day by day, as keras_wgan/networks/market.py defines it for whole windows.
//
// A form of the generator is a class with `begin`, `volatility` and `next`. FORMS finds it by the
// name in its description; another form of the generator adds another class.

import { Matrix } from "./matrix.js";

export class ShockMemory {
  constructor(description) {
    this.assets = description.assets;
    this.history = description.history;
    this.recent = description.recent;
    this.channels = 2 * this.assets; // the shocks of all assets, then their sizes
    this.ceiling_sharpness = description.ceiling_sharpness;
    for (const [name, value] of Object.entries(description)) {
      if (Array.isArray(value)) this[name] = Float64Array.from(value.flat(Infinity));
    }
    this.hidden = this.hidden_bias.length;
    this.#joinKernels();
    this.kept = this.half_lives.map((days) => 2 ** (-1 / days)); // of an average, a day later
    this.added = this.kept.map((share) => Math.sqrt(1 - share * share)); // of today's shock
    this.row = new Float64Array(this.channels);
    this.rows = new Float64Array(0);
  }

  // The state after `history` days of noise: the averages of all days, and the last days one by one.
  begin(noise) {
    const { assets, channels, history, recent } = this;
    const averages = new Float64Array(channels * this.kept.length);
    const rows = new Float64Array(recent * channels);
    for (let day = 0; day < history; day++) {
      this.#readShocks(noise, day * assets);
      this.#remember(averages, this.row);
      if (day >= history - recent) rows.set(this.row, (day - history + recent) * channels);
    }
    return { averages, rows };
  }

  // The volatility of the first day after a state, of each asset on the generator's scale.
  volatility(state) {
    this.#look(state.rows, 0, state.averages);
    return this.log_volatility.map(Math.exp);
  }

  // Writes `days` scaled returns, `assets` numbers a day, that follow a state.
  next(state, noise, days, returns) {
    const { assets, channels, recent } = this;
    const averages = state.averages.slice();
    if (this.rows.length < (recent + days) * channels) {
      this.rows = new Float64Array((recent + days) * channels);
    }
    this.rows.set(state.rows);
    for (let day = 0; day < days; day++) {
      this.#look(this.rows, day * channels, averages);
      this.#readShocks(noise, day * assets);
      this.#remember(averages, this.row);
      this.rows.set(this.row, (recent + day) * channels);
      for (let asset = 0; asset < assets; asset++) {
        const move = this.#tail(this.row[asset], asset) + this.drift[asset];
        const volatility = Math.exp(this.log_volatility[asset]);
        returns[day * assets + asset] = volatility * move + this.mean[asset];
      }
    }
    return returns;
  }

  // Correlated shocks of a day, and their sizes with mean 0 and variance 1, into `row`.
  #readShocks(noise, from) {
    const { assets, row } = this;
    for (let asset = 0; asset < assets; asset++) {
      let shock = 0;
      for (let other = 0; other <= asset; other++) {
        shock += this.correlation[asset * assets + other] * noise[from + other];
      }
      row[asset] = shock;
      row[assets + asset] = (Math.abs(shock) - MEAN_SIZE) / SIZE_DEVIATION;
    }
  }

  #remember(averages, row) {
    const { added, kept } = this;
    let place = 0;
    for (let channel = 0; channel < row.length; channel++) {
      for (let half_life = 0; half_life < kept.length; half_life++, place++) {
        averages[place] = kept[half_life] * averages[place] + added[half_life] * row[channel];
      }
    }
  }

  // Log volatility and drift of a day, from the days before it.
  #look(rows, from, averages) {
    const { assets, hidden, inputs, byDays, byMemory, byFeatures, log_volatility, drift } = this;
    byDays.apply(rows, from);
    for (let i = 0; i < hidden; i++) inputs[i] = tanh(byDays.sums[i]);
    inputs.set(averages, hidden);
    byMemory.apply(inputs, 0);
    for (let i = 0; i < hidden; i++) inputs[i] = tanh(byMemory.sums[i]);
    byFeatures.apply(inputs, 0);
    for (let i = 0; i < assets; i++) {
      const level = byDays.sums[hidden + i] + byMemory.sums[hidden + i] + byFeatures.sums[i];
      log_volatility[i] = this.#band(level, i);
      drift[i] = byMemory.sums[hidden + assets + i] + byFeatures.sums[assets + i];
    }
  }

  // All weights that see the same inputs become one matrix.
  #joinKernels() {
    const { assets, hidden } = this;
    const memory = this.channels * this.half_lives.length;
    const below = (kernel) => [...new Float64Array(hidden * assets), ...kernel]; // not of patterns
    this.byDays = new Matrix(this.recent * this.channels, this.pattern_bias, [
      [this.pattern_kernel, hidden],
      [this.volatility_from_days, assets],
    ]);
    this.byMemory = new Matrix(hidden + memory, this.hidden_bias, [
      [this.hidden_kernel, hidden],
      [below(this.volatility_from_memory), assets],
      [below(this.drift_from_memory), assets],
    ]);
    this.byFeatures = new Matrix(hidden, [], [
      [this.volatility_from_hidden, assets],
      [this.drift_from_hidden, assets],
    ]);
    this.inputs = new Float64Array(hidden + memory);
    this.log_volatility = new Float64Array(assets);
    this.drift = new Float64Array(assets);
  }

  // Log volatility between a soft floor and a soft ceiling.
  #band(value, asset) {
    const sharpness = this.floor_sharpness[asset], floor = this.floor[asset];
    const above = softplus(sharpness * (value + this.level[asset] - floor)) / sharpness;
    const room = this.ceiling[asset] - floor - above;
    return this.ceiling[asset] - softplus(this.ceiling_sharpness * room) / this.ceiling_sharpness;
  }

  // Tukey's h transform, with a weight and a scale of its own on each side.
  #tail(shock, asset) {
    const side = (shock < 0 ? 0 : this.assets) + asset;
    const stretch = Math.exp((this.tail_weights[side] * shock * shock) / 2);
    const stretched = shock * this.tail_scales[side] * stretch;
    return (stretched - this.tail_mean[asset]) / this.tail_deviation[asset];
  }
}

const FORMS = { "shock-memory": ShockMemory };

export function generatorOf(description) {
  return new FORMS[description.form](description);
}

// Scaled returns of `history + days` days of noise: what the Keras model computes.
export function generate(generator, noise, days) {
  const state = generator.begin(noise);
  const later = noise.subarray(generator.history * generator.assets);
  return generator.next(state, later, days, new Float64Array(days * generator.assets));
}

const MEAN_SIZE = Math.sqrt(2 / Math.PI); // of |z|, where z is a standard normal
const SIZE_DEVIATION = Math.sqrt(1 - 2 / Math.PI);

// Twice as fast as Math.tanh, and as exact where it is added up.
function tanh(x) {
  return 1 - 2 / (Math.exp(2 * x) + 1);
}

function softplus(x) {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
