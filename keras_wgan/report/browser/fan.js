// The fan chart: quantiles of the price on each day, and some of the paths.

import { quantile, sortedOn } from "./statistics.js";
import { area, change, element, keepApart, line, linear, makeReadable, money, ticks } from "./svg.js";

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];
const POINTS = 120; // days at which quantiles are computed
const SHOWN = 14; // paths
const MARGIN = { top: 14, right: 12, bottom: 30, left: 58 };

export function drawFan(frame, simulation, { price, past, pastDates, dates, period }) {
  const days = spread(simulation.days);
  const quantiles = days.map((day) => {
    const sorted = sortedOn(simulation, day);
    return SHARES.map((share) => price * quantile(sorted, share));
  });
  const paths = somePaths(simulation, days, price);
  const width = frame.clientWidth, height = width < 560 ? 280 : 380;
  const first = past.length ? 1 - past.length : 0;
  const x = linear(first, simulation.days, MARGIN.left, width - MARGIN.right);
  const [low, high] = extent([...quantiles.flat(), ...paths.flat(), ...past], price);
  const y = linear(low, high, height - MARGIN.bottom, MARGIN.top);
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  drawAxes(svg, { x, y, low, high, width, height, first, days: simulation.days, dates, pastDates: past.length ? pastDates : ["start"] });
  const xs = days.map(x), band = (k) => quantiles.map((each) => y(each[k]));
  svg.append(
    element("path", { class: "outer", d: area(xs, band(0), band(4)) }),
    element("path", { class: "inner", d: area(xs, band(1), band(3)) }),
    ...paths.map((path) => element("path", { class: "path", d: line(xs, path.map(y)) })),
    element("path", { class: "median", d: line(xs, band(2)) }),
  );
  if (past.length) {
    const before = past.map((_, day) => x(first + day));
    svg.append(element("path", { class: "past", d: line(before, past.map(y)) }));
  }
  svg.append(element("circle", { class: "start", cx: x(0), cy: y(price), r: 4.5 }));
  const cursor = element("g", { class: "cursor" });
  svg.append(cursor);
  frame.querySelector("svg")?.remove();
  frame.prepend(svg);
  keepApart([...svg.querySelectorAll(".day")], width);
  makeReadable(frame, {
    places: days.length,
    at: (pixel) => nearest(xs, pixel),
    show: (place) => {
      cursor.replaceChildren(
        element("line", { x1: xs[place], x2: xs[place], y1: MARGIN.top, y2: height - MARGIN.bottom }),
        ...quantiles[place].map((value) => element("circle", { cx: xs[place], cy: y(value), r: 3.5 })),
      );
      return { x: xs[place], lines: linesOn(days[place], quantiles[place], price, dates, period) };
    },
    hide: () => cursor.replaceChildren(),
  });
}

function linesOn(day, values, price, dates, period) {
  const lines = SHARES.map((share, k) => [
    share === 0.5 ? "median" : `${Math.round(100 * share)}%`,
    `${money(values[k])} (${change(values[k] / price)})`,
  ]);
  return [[day ? `${period} ${day}` : "start", day ? dates[day - 1] : ""], ...lines.reverse()];
}

function drawAxes(svg, { x, y, low, high, width, height, first, days, dates, pastDates }) {
  for (const value of ticks(low, high, 5)) {
    const at = y(value);
    svg.append(
      element("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }),
      element("text", { class: "label", x: MARGIN.left - 8, y: at + 4, "text-anchor": "end" }, money(value)),
    );
  }
  const count = width < 560 ? 2 : 6;
  for (let k = 0; k <= count; k++) {
    const day = Math.round(first + ((days - first) * k) / count);
    const anchor = k === 0 ? "start" : k === count ? "end" : "middle";
    const text = day > 0 ? dates[day - 1] : pastDates[day - first];
    svg.append(element("text", { class: "label day", x: x(day), y: height - 8, "text-anchor": anchor }, text));
  }
  svg.append(element("line", { class: "today", x1: x(0), x2: x(0), y1: MARGIN.top, y2: height - MARGIN.bottom }));
}

// Some days from 0 to the last one.
function spread(days) {
  const count = Math.min(days, POINTS);
  return Array.from({ length: count + 1 }, (_, k) => Math.round((days * k) / count));
}

function somePaths({ days, done, values }, shownDays, price) {
  return Array.from({ length: Math.min(done, SHOWN) }, (_, path) =>
    shownDays.map((day) => price * Math.exp(values[path * (days + 1) + day])),
  );
}

// One path that exploded would press everything else into a flat line.
function extent(values, price) {
  let low = Infinity, high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  high = Math.min(high, 10 * price);
  const room = 0.04 * (high - low) || 0.01 * price;
  return [Math.max(low - room, 0), high + room];
}

function nearest(xs, pixel) {
  let best = 0;
  for (let k = 1; k < xs.length; k++) {
    if (Math.abs(xs[k] - pixel) < Math.abs(xs[best] - pixel)) best = k;
  }
  return best;
}
