// What both charts share: elements, scales, ticks, numbers as text, and the tooltip.

const SVG = "http://www.w3.org/2000/svg";
const GAP = 8; // pixels between labels

export function element(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

export function linear(from, to, start, end) {
  const slope = (end - start) / (to - from || 1);
  return (value) => start + (value - from) * slope;
}

// Round numbers that cover a range in about `count` steps.
export function ticks(low, high, count) {
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 2.5, 5, 10].find((each) => each * power >= raw);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(k * step);
  return found;
}

export function line(xs, ys) {
  return xs.map((x, i) => `${i ? "L" : "M"}${x.toFixed(1)},${ys[i].toFixed(1)}`).join("");
}

export function area(xs, lower, upper) {
  return `${line(xs, upper)}${line([...xs].reverse(), [...lower].reverse()).replace("M", "L")}Z`;
}

export function money(value) {
  if (Math.abs(value) < 1) return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
  const digits = Math.abs(value) >= 1000 ? 0 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function percent(share, digits = 1) {
  return `${share < 0 ? "−" : ""}${Math.abs(100 * share).toFixed(digits)}%`;
}

export function change(ratio) {
  return `${ratio > 1 ? "+" : ""}${percent(ratio - 1)}`;
}

// Moves labels in a row into the chart, and removes those that would touch the one before or the last.
// It measures them, so they must be on the page.
export function keepApart(labels, width) {
  const boxes = labels.map((label) => {
    const { x, width: length } = label.getBBox();
    const moved = Math.min(Math.max(x, 0), width - length) - x;
    label.setAttribute("x", Number(label.getAttribute("x")) + moved);
    return { from: x + moved, to: x + moved + length };
  });
  let end = -Infinity;
  labels.forEach((label, k) => {
    const last = k === labels.length - 1, { from, to } = boxes[k];
    if (!last && (from < end + GAP || to > boxes.at(-1).from - GAP)) label.remove();
    else end = to;
  });
}

// A chart that shows what lies under the pointer, a finger, or the cursor of the arrow keys.
// `places` is how many places there are, `at(x)` the place at a pixel, and `show(place)` marks a
// place and returns its pixel and its lines of text.
export function makeReadable(frame, { places, at, show, hide }) {
  const tip = frame.querySelector(".tip");
  let place = null;
  const move = (next) => {
    place = Math.min(Math.max(next, 0), places - 1);
    const { x, lines } = show(place);
    tip.replaceChildren(...lines.map(([name, value]) => row(name, value)));
    tip.hidden = false;
    const room = frame.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.min(Math.max(x + 14 > room ? x - tip.offsetWidth - 14 : x + 14, 0), room)}px`;
  };
  const leave = () => {
    place = null;
    tip.hidden = true;
    hide();
  };
  frame.onpointermove = frame.onpointerdown = (event) => {
    move(at(event.clientX - frame.getBoundingClientRect().left));
  };
  frame.onpointerleave = frame.onblur = leave;
  frame.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (event.key === "Escape") leave();
    if (!step) return;
    event.preventDefault();
    move(place === null ? (step > 0 ? 0 : places - 1) : place + step);
  };
  if (!tip.hidden) leave();
}

function row(name, value) {
  const made = document.createElement("div");
  const label = document.createElement("span"), number = document.createElement("b");
  label.textContent = name;
  number.textContent = value;
  made.append(label, number);
  return made;
}
