// The distribution of the price at the end of the paths.

import { histogram, quantile } from "./statistics.js";
import { change, element, keepApart, linear, makeReadable, money, percent, ticks } from "./svg.js";

const MARGIN = { top: 26, right: 12, bottom: 30, left: 12 };

export function drawDistribution(frame, ends, price, fall) {
  const width = frame.clientWidth, height = width < 560 ? 190 : 220;
  const bins = Math.max(12, Math.min(40, Math.round(Math.sqrt(ends.length))));
  const { low, width: step, counts } = histogram(ends, bins);
  const x = linear(low, low + bins * step, MARGIN.left, width - MARGIN.right);
  const y = linear(0, Math.max(...counts), height - MARGIN.bottom, MARGIN.top);
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  const bars = counts.map((count, k) => {
    const left = low + k * step;
    return element("rect", {
      class: left + step / 2 < 1 - fall ? "bin fallen" : "bin",
      x: x(left) + 0.5,
      width: Math.max(x(left + step) - x(left) - 1, 0.5),
      y: y(count),
      height: y(0) - y(count),
    });
  });
  svg.append(...bars, element("line", { class: "axis", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(0), y2: y(0) }));
  for (const value of ticks(price * low, price * (low + bins * step), width < 560 ? 3 : 7)) {
    svg.append(element("text", { class: "label price", x: x(value / price), y: height - 8, "text-anchor": "middle" }, money(value)));
  }
  marks(svg, x, height, [["start", 1], ["5%", quantile(ends, 0.05)]]);
  frame.querySelector("svg")?.remove();
  frame.prepend(svg);
  keepApart([...svg.querySelectorAll(".price")], width);
  const clear = () => bars.forEach((bar) => bar.classList.remove("read"));
  makeReadable(frame, {
    places: bins,
    at: (pixel) => Math.floor(((pixel - MARGIN.left) / (width - MARGIN.left - MARGIN.right)) * bins),
    show: (place) => {
      clear();
      bars[place].classList.add("read");
      return { x: x(low + (place + 0.5) * step), lines: linesOf(place, low, step, counts, price, ends) };
    },
    hide: clear,
  });
}

// The outer bins also hold what lies outside of the chart.
function linesOf(place, low, step, counts, price, ends) {
  const from = low + place * step, to = from + step;
  let text = `${money(price * from)} to ${money(price * to)}`;
  if (place === 0) text = `below ${money(price * to)}`;
  if (place === counts.length - 1) text = `above ${money(price * from)}`;
  return [
    ["price", text],
    ["change", `${change(from)} to ${change(to)}`],
    ["paths", `${counts[place].toLocaleString("en-US")} (${percent(counts[place] / ends.length)})`],
  ];
}

function marks(svg, x, height, places) {
  for (const [name, value] of places) {
    svg.append(
      element("line", { class: "mark", x1: x(value), x2: x(value), y1: MARGIN.top - 8, y2: height - MARGIN.bottom }),
      element("text", { class: "label", x: x(value), y: 12, "text-anchor": "middle" }, name),
    );
  }
}
