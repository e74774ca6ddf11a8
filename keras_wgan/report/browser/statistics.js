// What the paths say: quantiles, risks, and how often the market falls.

// Between the two nearest of the sorted values, as numpy.quantile does by default.
export function quantile(sorted, share) {
  const place = share * (sorted.length - 1), below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

// The value of each path on a day, in ascending order, as a share of the start.
export function sortedOn(simulation, day) {
  const { days, done, values } = simulation;
  const found = new Float64Array(done);
  for (let path = 0; path < done; path++) found[path] = Math.exp(values[path * (days + 1) + day]);
  return found.sort();
}

// The lowest value of each path, as a share of the start.
export function lowest(simulation) {
  const { days, done, values } = simulation;
  const found = new Float64Array(done);
  for (let path = 0; path < done; path++) {
    let low = 0;
    for (let day = 1; day <= days; day++) low = Math.min(low, values[path * (days + 1) + day]);
    found[path] = Math.exp(low);
  }
  return found;
}

// Value at risk: the loss that a share of the paths exceed. Expected shortfall: their mean loss.
export function risk(sorted, share) {
  const limit = quantile(sorted, share);
  let sum = 0, count = 0;
  while (count < sorted.length && sorted[count] <= limit) sum += sorted[count++];
  return { valueAtRisk: 1 - limit, expectedShortfall: 1 - sum / count };
}

export function shareBelow(values, limit) {
  let count = 0;
  for (const value of values) if (value < limit) count += 1;
  return count / values.length;
}

export function summarize(simulation, fall) {
  const ends = sortedOn(simulation, simulation.days);
  return {
    ends,
    median: quantile(ends, 0.5),
    range: [quantile(ends, 0.05), quantile(ends, 0.95)],
    gain: 1 - shareBelow(ends, 1),
    risk5: risk(ends, 0.05),
    risk1: risk(ends, 0.01),
    fallAtEnd: shareBelow(ends, 1 - fall),
    fallOnTheWay: shareBelow(lowest(simulation), 1 - fall),
  };
}

// Counts between equally wide edges; what lies outside the middle 99.6% is in the outer bins.
export function histogram(sorted, bins) {
  const low = quantile(sorted, 0.002), high = quantile(sorted, 0.998);
  const width = (high - low) / bins || 1e-6;
  const counts = new Array(bins).fill(0);
  for (const value of sorted) {
    counts[Math.min(Math.max(Math.floor((value - low) / width), 0), bins - 1)] += 1;
  }
  return { low, width, counts };
}
