// The generator of one asset, day by day, as keras_wgan/networks/single_form.py defines it for whole
// windows.

import { Memory, TwoSidedTail, band, sizeOf } from "./shocks.js";

export class SingleMarket {
  constructor(description) {
    for (const [name, value] of Object.entries(description)) {
      this[name] = Array.isArray(value) ? Float64Array.from(value.flat(Infinity)) : value;
    }
    this.scales = this.half_lives.length;
    this.memory = new Memory(this.half_lives);
    this.tail = new TwoSidedTail(description.tail);
    this.row = new Float64Array(2); // a day's shock, and its size
  }

  // The averages of all days after `history` days of noise.
  begin(noise) {
    const averages = new Float64Array(2 * this.scales);
    for (let day = 0; day < this.history; day++) this.#add(averages, noise[day]);
    return averages;
  }

  // The first day after a state: volatility on the generator's scale, and the logarithm of the
  // market's relative volatility, which this form has not.
  firstDay(state) {
    this.#look(state);
    return { volatility: Float64Array.of(Math.exp(this.log_volatility)), log_share: 0 };
  }

  // Writes `days` scaled returns that follow a state.
  next(state, noise, days, returns) {
    const averages = state.slice();
    for (let day = 0; day < days; day++) {
      this.#look(averages);
      this.#add(averages, noise[day]);
      const move = this.tail.of(noise[day], 0) + this.drift;
      returns[day] = Math.exp(this.log_volatility) * move + this.mean[0];
    }
    return returns;
  }

  #add(averages, shock) {
    this.row[0] = shock;
    this.row[1] = sizeOf(shock);
    this.memory.add(averages, this.row);
  }

  // Log volatility and drift of a day, from the averages of the days before.
  #look(averages) {
    let level = 0, drift = 0;
    for (let i = 0; i < this.scales; i++) {
      const shock = averages[i];
      level += shock * this.volatility_from_shocks[i];
      level += averages[this.scales + i] * this.volatility_from_sizes[i];
      level += sizeOf(shock) * this.volatility_from_trends[i];
      drift += shock * this.drift_from_shocks[i];
    }
    this.log_volatility = band(this, level, 0);
    this.drift = drift;
  }
}
