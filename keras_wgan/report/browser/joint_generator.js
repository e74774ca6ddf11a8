// The generator of several assets, day by day, as keras_wgan/networks/joint_form.py defines it for
// whole windows.

import { Memory, TwoSidedTail, band, sizeOf } from "./shocks.js";

const COMMON = 3; // the market's shock, the size of all other news, the size of the market's shock

export class JointMarket {
  constructor(description) {
    for (const [name, value] of Object.entries(description)) {
      this[name] = Array.isArray(value) ? Float64Array.from(value.flat(Infinity)) : value;
    }
    const assets = this.assets;
    this.scales = this.half_lives.length;
    this.market_trends = new Float64Array(this.signed);
    this.memory = new Memory(this.half_lives);
    this.market_tail = new TwoSidedTail(description.market_tail);
    this.row = new Float64Array(2 * assets + COMMON); // shocks, their sizes, the common numbers
    this.log_volatility = new Float64Array(assets);
    this.drift = new Float64Array(assets);
  }

  // The averages of all days after `history` days of noise.
  begin(noise) {
    const averages = new Float64Array(this.row.length * this.scales);
    for (let day = 0; day < this.history; day++) {
      this.#readShocks(noise, day * this.assets);
      this.memory.add(averages, this.row);
    }
    return averages;
  }

  // The first day after a state: each asset's volatility on the generator's scale, and the logarithm
  // of the market's relative volatility.
  firstDay(state) {
    this.#look(state);
    return { volatility: this.log_volatility.map(Math.exp), log_share: this.log_share };
  }

  // Writes `days` scaled returns, `assets` numbers a day, that follow a state.
  next(state, noise, days, returns) {
    const { assets, loadings, row } = this;
    const averages = state.slice();
    for (let day = 0; day < days; day++) {
      this.#look(averages);
      this.#readShocks(noise, day * assets);
      this.memory.add(averages, row);
      const market = row[2 * assets], size = row[2 * assets + 1];
      const scale = Math.exp(this.spread * size) / this.news_deviation;
      const moved = Math.exp(this.log_share) * this.market_tail.of(market, 0);
      for (let asset = 0; asset < assets; asset++) {
        const news = scale * (row[asset] - market * loadings[asset]);
        const shock = this.#power(news + moved * loadings[asset], asset);
        const move = Math.exp(this.log_volatility[asset]) * (shock + this.drift[asset]);
        returns[day * assets + asset] = move + this.mean[asset];
      }
    }
    return returns;
  }

  // Correlated shocks of a day, their sizes, and what its noise says of the whole market.
  #readShocks(noise, from) {
    const { assets, correlation, direction, row } = this;
    let market = 0, squares = 0;
    for (let asset = 0; asset < assets; asset++) {
      let shock = 0;
      for (let other = 0; other <= asset; other++) {
        shock += correlation[asset * assets + other] * noise[from + other];
      }
      row[asset] = shock;
      row[assets + asset] = sizeOf(shock);
      market += direction[asset] * noise[from + asset];
    }
    for (let asset = 0; asset < assets; asset++) {
      squares += (noise[from + asset] - market * direction[asset]) ** 2;
    }
    const ratio = 2 / (9 * (assets - 1)); // Wilson and Hilferty
    row[2 * assets] = market;
    row[2 * assets + 1] = (Math.cbrt(squares / (assets - 1)) - (1 - ratio)) / Math.sqrt(ratio);
    row[2 * assets + 2] = sizeOf(market);
  }

  // Log volatility and drift of a day and the market's share, from the averages of the days before.
  #look(averages) {
    const { assets, drifting, scales, signed, market_trends } = this;
    const common = 2 * assets * scales; // where the averages of the common numbers begin
    let share = 0;
    for (let i = 0; i < COMMON * scales; i++) share += averages[common + i] * this.market_share[i];
    this.log_share = this.share_limit * Math.tanh(share / this.share_limit);
    for (let i = 0; i < signed; i++) market_trends[i] = sizeOf(averages[common + i]);
    for (let asset = 0; asset < assets; asset++) {
      const own = asset * scales;
      let level = 0, drift = 0, wild = 0;
      for (let i = 0; i < scales; i++) {
        level += averages[assets * scales + own + i] * this.volatility_from_sizes[own + i];
      }
      for (let i = 0; i < signed; i++) {
        const shock = averages[own + i], place = asset * signed + i;
        level += shock * this.volatility_from_shocks[place];
        level += sizeOf(shock) * this.volatility_from_trends[place];
        level += market_trends[i] * this.volatility_from_market_trends[i * assets + asset];
      }
      for (let i = 0; i < COMMON * scales; i++) {
        level += averages[common + i] * this.volatility_from_common[i * assets + asset];
      }
      for (let i = 0; i < drifting; i++) {
        drift += averages[own + i] * this.drift_from_shocks[asset * drifting + i];
        wild += averages[own + i] * this.drift_when_volatile[asset * drifting + i];
      }
      this.log_volatility[asset] = band(this, level, asset);
      this.drift[asset] = drift + wild * Math.tanh(this.log_volatility[asset]);
    }
  }

  // A power of its own on each side, through sinh and arcsinh.
  #power(shock, asset) {
    const side = (shock < 0 ? 0 : this.assets) + asset;
    const stretched = this.power_scales[side] * Math.sinh(this.powers[side] * Math.asinh(shock));
    return (stretched - this.power_mean[asset]) / this.power_deviation[asset];
  }
}
