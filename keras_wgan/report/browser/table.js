// The paths as a CSV file, with the columns that `keras-wgan generate` writes.

export const COLUMNS = "scenario,date,day,asset,log_return,price";

export function csvParts(simulation, asset, dates) {
  const { days, done, values } = simulation;
  const name = /[",\n]/.test(asset.name) ? `"${asset.name.replaceAll('"', '""')}"` : asset.name;
  const parts = [COLUMNS + "\n"];
  for (let path = 0; path < done; path++) {
    let text = "";
    for (let day = 1; day <= days; day++) {
      const now = values[path * (days + 1) + day], before = values[path * (days + 1) + day - 1];
      const price = asset.price * Math.exp(now);
      text += `${path},${dates[day - 1]},${day},${name},${(now - before).toPrecision(6)},`;
      text += `${price.toPrecision(8)}\n`;
    }
    parts.push(text);
  }
  return parts;
}

export function save(parts, fileName) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
