// Paths of a market, drawn a few at a time so that the page never stands still.

import { fillNormals, uniform } from "./noise.js";

const POOL_SEED = 20231; // fixed, so that a percentile always means the same states
const POOL_STREAM = 1 << 30; // apart from the streams of paths
const START_STREAM = 1 << 29;
const POOL_SIZE = 4000;

// States that the market reaches by itself, in the order of their first day's volatility.
export class Pool {
  constructor(generator, portfolio) {
    this.generator = generator;
    this.portfolio = portfolio; // exposures, covariance and of_market, as market/ defines them
    this.size = Math.max(200, Math.round(POOL_SIZE / generator.assets));
    this.states = [];
    this.noise = new Float64Array(generator.history * generator.assets);
  }

  // Draws until the time is up; returns whether all states are there.
  fill(until) {
    while (this.states.length < this.size && performance.now() < until) {
      fillNormals(this.noise, POOL_SEED, POOL_STREAM + this.states.length);
      const state = this.generator.begin(this.noise);
      this.states.push({ state, volatility: this.volatility(state) });
      if (this.states.length === this.size) {
        this.states.sort((one, other) => one.volatility - other.volatility);
      }
    }
    return this.states.length === this.size;
  }

  // The standard deviation of the first day's log return, of several assets with equal weights.
  volatility(state) {
    const { volatility, log_share } = this.generator.firstDay(state);
    const { exposures, covariance, of_market } = this.portfolio;
    const parts = exposures.map((exposure, asset) => exposure * volatility[asset]);
    const added = Math.expm1(2 * log_share);
    let variance = 0;
    for (let i = 0; i < parts.length; i++) {
      for (let j = 0; j < parts.length; j++) {
        variance += parts[i] * parts[j] * (covariance[i][j] + added * of_market[i][j]);
      }
    }
    return Math.sqrt(Math.max(variance, 0));
  }

  // The states whose volatility lies between two percentiles.
  between(low, high) {
    const first = Math.floor((low / 100) * this.size);
    return this.states.slice(first, Math.max(Math.ceil((high / 100) * this.size), first + 1));
  }
}

// The paths of one asset, as log prices over the start price, `days + 1` numbers a path.
export class Simulation {
  constructor({ generator, offset, scale }, starts, { asset, days, paths, seed }) {
    Object.assign(this, { generator, starts, asset, days, paths, seed });
    this.offset = offset[asset];
    this.scale = scale[asset];
    this.done = 0;
    this.values = new Float32Array(paths * (days + 1));
    this.noise = new Float64Array(days * generator.assets);
    this.returns = new Float64Array(days * generator.assets);
  }

  // Draws until the time is up; returns whether all paths are there.
  advance(until) {
    while (this.done < this.paths && performance.now() < until) this.#drawOne();
    return this.done === this.paths;
  }

  #drawOne() {
    const { generator, days, done, seed, starts } = this;
    const choice = uniform(seed, START_STREAM + done);
    const state = starts[Math.floor(choice * starts.length)];
    fillNormals(this.noise, seed, done);
    generator.next(state, this.noise, days, this.returns);
    let sum = 0;
    let place = done * (days + 1) + 1; // the first value stays 0
    for (let day = 0; day < days; day++) {
      sum += this.offset + this.scale * this.returns[day * generator.assets + this.asset];
      this.values[place++] = sum;
    }
    this.done += 1;
  }
}
