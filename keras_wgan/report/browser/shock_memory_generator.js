// The generator of runs up to version 0.2, day by day, as keras_wgan/networks/shock_memory_form.py
// defines it for whole windows.

import { Matrix } from "./matrix.js";
import { Memory, TwoSidedTail, band, sizeOf, tanh } from "./shocks.js";

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
    this.memory = new Memory(this.half_lives);
    this.tail = new TwoSidedTail(this);
    this.row = new Float64Array(this.channels);
    this.rows = new Float64Array(0);
  }

  // The state after `history` days of noise: the averages of all days, and the last days one by one.
  begin(noise) {
    const { assets, channels, history, recent } = this;
    const averages = new Float64Array(channels * this.half_lives.length);
    const rows = new Float64Array(recent * channels);
    for (let day = 0; day < history; day++) {
      this.#readShocks(noise, day * assets);
      this.memory.add(averages, this.row);
      if (day >= history - recent) rows.set(this.row, (day - history + recent) * channels);
    }
    return { averages, rows };
  }

  // The first day after a state: each asset's volatility on the generator's scale, and the logarithm
  // of the market's relative volatility, which this form has not.
  firstDay(state) {
    this.#look(state.rows, 0, state.averages);
    return { volatility: this.log_volatility.map(Math.exp), log_share: 0 };
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
      this.memory.add(averages, this.row);
      this.rows.set(this.row, (recent + day) * channels);
      for (let asset = 0; asset < assets; asset++) {
        const move = this.tail.of(this.row[asset], asset) + this.drift[asset];
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
      row[assets + asset] = sizeOf(shock);
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
      log_volatility[i] = band(this, level, i);
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
}
