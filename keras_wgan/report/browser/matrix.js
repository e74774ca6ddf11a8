// Products of inputs and weights, which take nearly all of a generator's time.

// Kernels side by side, filled up with zeros to a multiple of four columns: four sums at a time
// stay in registers, which is several times as fast as one after the other.
export class Matrix {
  constructor(rows, bias, kernels) {
    this.rows = rows;
    const width = kernels.reduce((sum, [, columns]) => sum + columns, 0);
    this.width = 4 * Math.ceil(width / 4);
    this.bias = new Float64Array(this.width);
    this.bias.set(bias);
    this.sums = new Float64Array(this.width);
    this.kernel = new Float64Array(rows * this.width);
    let first = 0;
    for (const [kernel, columns] of kernels) {
      for (let place = 0; place < rows * columns; place++) {
        const row = Math.floor(place / columns);
        this.kernel[row * this.width + first + (place % columns)] = kernel[place];
      }
      first += columns;
    }
  }

  // Writes bias + inputs * kernel into `sums`.
  apply(inputs, from) {
    const { rows, width, kernel, bias, sums } = this;
    for (let column = 0; column < width; column += 4) {
      let a = bias[column], b = bias[column + 1], c = bias[column + 2], d = bias[column + 3];
      for (let row = 0, place = column; row < rows; row++, place += width) {
        const input = inputs[from + row];
        a += input * kernel[place];
        b += input * kernel[place + 1];
        c += input * kernel[place + 2];
        d += input * kernel[place + 3];
      }
      sums[column] = a;
      sums[column + 1] = b;
      sums[column + 2] = c;
      sums[column + 3] = d;
    }
  }
}
