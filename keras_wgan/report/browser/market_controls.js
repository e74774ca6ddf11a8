// The controls of a market: they choose the paths, and show what the paths say.

import { generatorOf } from "./generator.js";
import { Pool, Simulation } from "./simulation.js";
import { summarize } from "./statistics.js";
import { csvParts, save } from "./table.js";
import { change, money, percent } from "./svg.js";
import { drawFan } from "./fan.js";
import { drawDistribution } from "./distribution.js";

const SLICE = 24; // milliseconds of work, after which the page may answer
const PREVIEW = 150; // milliseconds at least between two pictures of paths that are still drawn
const PATHS = [50, 100, 250, 500, 1000, 2000, 5000];
const MIN_PAST = 10; // periods of real prices before the paths
const MAX_SEED = 999999;
const HALF_BAND = 2.5; // percentile points on each side of a percentile

export function start(section, data) {
  new MarketPage(section, data).run();
}

class MarketPage {
  constructor(section, data) {
    this.section = section;
    this.data = data;
    this.controls = section.querySelector("form").elements;
    this.market = { generator: generatorOf(data.generator), offset: data.offset, scale: data.scale };
    this.pool = new Pool(this.market.generator, data.portfolio);
    this.horizons = horizonsOf(data);
    this.simulation = null;
    this.turn = 0;
    this.#setControls();
    this.#listen();
    section.querySelector(".app").hidden = false;
  }

  // Draws all paths again, in slices; a later call ends an earlier one.
  run() {
    const mine = ++this.turn, begun = performance.now();
    let starts = null, nextPicture = begun + PREVIEW;
    this.simulation = null;
    this.section.dataset.state = "busy";
    this.#nameSettings();
    const work = () => {
      if (mine !== this.turn) return;
      const until = performance.now() + SLICE;
      starts ??= this.#startsOf(until);
      if (starts) this.simulation ??= new Simulation(this.market, starts.states, this.#settings());
      if (this.simulation?.advance(until)) {
        this.#finish(starts, (performance.now() - begun) / 1000);
        return;
      }
      if (this.simulation?.done > 20 && performance.now() > nextPicture) {
        const drawn = this.#draw();
        nextPicture = performance.now() + Math.max(PREVIEW, 4 * drawn); // a fifth of the time
      }
      setTimeout(work);
    };
    work();
  }

  #settings() {
    const { asset, horizon, paths, seed } = this.controls;
    return {
      asset: Number(asset.value),
      days: this.horizons[horizon.value],
      paths: PATHS[paths.value],
      seed: Math.min(Math.max(Math.round(Number(seed.value) || 0), 0), MAX_SEED),
    };
  }

  // The states in which paths begin, with words for them, or null until enough of them are drawn.
  #startsOf(until) {
    const { controls, data, market, pool } = this;
    const kind = controls.start.value;
    if (kind === "today") {
      const past = Float64Array.from(data.today.past.flat());
      return { states: [market.generator.begin(past)], text: data.today.text };
    }
    if (!pool.fill(until)) return null;
    const percentile = Number(controls.percentile.value);
    const around = [Math.max(percentile - HALF_BAND, 0), Math.min(percentile + HALF_BAND, 100)];
    const [low, high] = kind === "any" ? [0, 100] : (data.regimes[kind] ?? around);
    const found = pool.between(low, high);
    const daily = found[Math.floor(found.length / 2)].volatility;
    const yearly = percent(daily * Math.sqrt(data.periods_per_year));
    return {
      states: found.map((each) => each.state),
      text: `${yearly} a year (median), percentiles ${low} to ${high}`,
    };
  }

  #finish(starts, seconds) {
    this.#draw();
    const { days, paths } = this.simulation;
    this.#show("volatility", `Volatility at the start: ${starts.text}.`);
    this.#show("status", `${counted(paths)} paths of ${this.#periods(days)} in ${seconds.toFixed(2)} s.`);
    this.section.dataset.seconds = seconds;
    this.section.dataset.state = "done";
  }

  // Draws what is there so far, and returns how many milliseconds it took.
  #draw() {
    const begun = performance.now();
    const { controls, data, section, simulation } = this;
    const fall = Number(controls.fall.value) / 100, asset = data.assets[simulation.asset];
    const found = summarize(simulation, fall);
    // Real prices lead to today's state alone, and no further back than the paths go on.
    const shown = controls.start.value === "today" ? Math.max(simulation.days, MIN_PAST) + 1 : 0;
    section.querySelector('[data-part="past"]').hidden = !shown;
    drawFan(section.querySelector(".fan"), simulation, {
      price: asset.price,
      past: shown ? asset.past.slice(-shown) : [],
      pastDates: data.past_dates.slice(-shown),
      dates: data.dates,
      period: data.period,
    });
    drawDistribution(section.querySelector(".distribution"), found.ends, asset.price, fall);
    const losses = ({ valueAtRisk, expectedShortfall }) => `${percent(valueAtRisk)} / ${percent(expectedShortfall)}`;
    this.#show("median", `${money(asset.price * found.median)} (${change(found.median)})`);
    this.#show("range", `${change(found.range[0])} to ${change(found.range[1])}`);
    this.#show("gain", percent(found.gain));
    this.#show("risk5", losses(found.risk5));
    this.#show("risk1", losses(found.risk1));
    this.#show("fall-limit", `${controls.fall.value}%`);
    this.#show("fall", `${percent(found.fallAtEnd)} / ${percent(found.fallOnTheWay)}`);
    this.#show("status", `${counted(simulation.done)} of ${counted(simulation.paths)} paths …`);
    return performance.now() - begun;
  }

  #setControls() {
    const { controls, data, horizons, section } = this;
    controls.horizon.max = horizons.length - 1;
    controls.horizon.value = horizons.findIndex((days) => days >= data.horizon);
    controls.paths.max = PATHS.length - 1;
    controls.paths.value = PATHS.indexOf(data.assets.length > 3 ? 250 : 1000);
    controls.asset.value = data.shown;
    if (data.today) return;
    controls.start.value = "any";
    section.querySelector('input[value="today"]').disabled = true;
  }

  #listen() {
    const { controls, section } = this;
    const form = section.querySelector("form");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", ({ target }) => {
      if (target.name === "percentile") controls.start.value = "percentile";
      if (target.name !== "fall" || section.dataset.state !== "done") this.run();
      else this.#changeFall();
    });
    section.querySelector(".new-seed").addEventListener("click", () => {
      controls.seed.value = (this.#settings().seed * 1103 + 12345) % (MAX_SEED + 1);
      this.run();
    });
    section.querySelector(".download").addEventListener("click", () => this.#download());
    let width = section.clientWidth;
    new ResizeObserver(() => {
      if (section.clientWidth === width || section.dataset.state !== "done") return;
      width = section.clientWidth;
      this.run();
    }).observe(section);
  }

  // The limit changes what is counted, not the paths.
  #changeFall() {
    const status = this.section.querySelector('[data-value="status"]').textContent;
    this.#nameSettings();
    this.#draw();
    this.#show("status", status);
  }

  #download() {
    if (this.section.dataset.state !== "done") return;
    const { asset, days, paths, seed } = this.simulation;
    const { file } = this.data.assets[asset];
    const parts = csvParts(this.simulation, this.data.assets[asset], this.data.dates);
    save(parts, `${file}-${paths}x${days}-seed-${seed}.csv`);
  }

  #nameSettings() {
    const { days, paths } = this.#settings();
    const years = days / this.data.periods_per_year;
    const whole = years >= 1 ? ` (${years.toFixed(years % 1 ? 1 : 0)} year${years > 1 ? "s" : ""})` : "";
    this.#tell("horizon", this.#periods(days) + whole);
    this.#tell("paths", counted(paths));
    const { start, percentile } = this.controls;
    this.#tell("percentile", start.value === "percentile" ? percentile.value : "(not chosen)");
    this.#tell("fall", `${this.controls.fall.value}%`);
  }

  // Shows the value of a slider, also to readers of the screen.
  #tell(name, text) {
    this.section.querySelector(`[data-output="${name}"]`).textContent = text;
    this.controls[name].setAttribute("aria-valuetext", text);
  }

  #show(name, text) {
    this.section.querySelector(`[data-value="${name}"]`).textContent = text;
  }

  #periods(days) {
    return `${counted(days)} ${days === 1 ? this.data.period : this.data.periods}`;
  }
}

// Round numbers of periods, and up to five years of them.
function horizonsOf({ dates, horizon, periods_per_year: year }) {
  const short = [1, 2, 3, 5, 10, 20, 40, 60, 90, 150, 250, 500, 1000].filter((days) => days < year / 2);
  const long = [0.5, 0.75, 1, 1.5, 2, 3, 4, 5].map((years) => Math.round(years * year));
  const found = [...short, ...long].filter((days) => days > 0 && days <= dates.length);
  return [...new Set([...found, horizon, dates.length])].sort((one, other) => one - other);
}

function counted(number) {
  return number.toLocaleString("en-US");
}
