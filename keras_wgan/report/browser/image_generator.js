// The generator of images, as keras_wgan/networks/images.py defines it, with batch normalization
// folded into the layers before.

import { Matrix } from "./matrix.js";

export class DoubledImage {
  constructor(description) {
    const { latent_size: latentSize, shape, embedding, dense } = description;
    [this.height, this.width, this.channels] = shape;
    this.latentSize = latentSize;
    this.rows = Math.ceil(this.height / 4);
    this.columns = Math.ceil(this.width / 4);
    this.embedding = embedding && unpacked(embedding);
    this.classes = embedding ? embedding.shape[0] : 0;
    this.labelSize = embedding ? embedding.shape[1] : 0;
    const inputs = latentSize + this.labelSize, outputs = dense.kernel.shape[1];
    this.given = new Float64Array(inputs);
    this.dense = new Matrix(inputs, unpacked(dense.bias), [[unpacked(dense.kernel), outputs]]);
    this.outputs = outputs;
    this.first = new Convolution(description.first);
    this.doubling = new Doubling(description.doubling);
    this.second = new Convolution(description.second);
    this.last = new Convolution(description.last);
  }

  // The pixels of an image, row by row, from -1 to 1.
  draw(latents, label) {
    this.given.set(latents);
    if (this.embedding) {
      const from = label * this.labelSize;
      this.given.set(this.embedding.subarray(from, from + this.labelSize), this.latentSize);
    }
    this.dense.apply(this.given, 0);
    const start = { rows: this.rows, columns: this.columns, values: this.dense.sums.slice(0, this.outputs) };
    const small = relu(this.first.apply(relu(start)));
    const large = relu(this.second.apply(relu(this.doubling.apply(small))));
    return this.#cut(this.last.apply(large));
  }

  // Channels become blocks of 2 x 2 pixels, and a margin is cut off.
  #cut({ rows, columns, values }) {
    const { height, width, channels } = this;
    const top = Math.floor((2 * rows - height) / 2), left = Math.floor((2 * columns - width) / 2);
    const pixels = new Float32Array(height * width * channels);
    let place = 0;
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const block = (y >> 1) * columns + (x >> 1), part = 2 * (y & 1) + (x & 1);
        for (let channel = 0; channel < channels; channel++) {
          pixels[place++] = Math.tanh(values[(4 * block + part) * channels + channel]);
        }
      }
    }
    return pixels;
  }
}

// A convolution of stride 1 that keeps the size.
class Convolution {
  constructor({ kernel, bias }) {
    const [size, , inputs, outputs] = kernel.shape;
    Object.assign(this, { size, inputs, outputs });
    this.matrix = new Matrix(size * size * inputs, unpacked(bias), [[unpacked(kernel), outputs]]);
    this.patch = new Float64Array(size * size * inputs);
  }

  apply(image) {
    const { size, inputs, outputs, matrix, patch } = this;
    const values = new Float64Array(image.rows * image.columns * outputs);
    for (let y = 0, place = 0; y < image.rows; y++) {
      for (let x = 0; x < image.columns; x++, place += outputs) {
        const margin = (size - 1) >> 1;
        cutPatch(image, y - margin, x - margin, size, inputs, patch);
        matrix.apply(patch, 0);
        values.set(matrix.sums.subarray(0, outputs), place);
      }
    }
    return { rows: image.rows, columns: image.columns, values };
  }
}

// A transposed convolution of size 4 and stride 2: each of the four pixels that one pixel becomes
// sees a patch of 2 x 2 pixels, through weights of its own.
class Doubling {
  constructor({ kernel, bias }) {
    const [size, , inputs, outputs] = kernel.shape;
    Object.assign(this, { inputs, outputs });
    const weights = unpacked(kernel), block = inputs * outputs;
    this.patch = new Float64Array(4 * inputs);
    this.matrices = [0, 1, 2, 3].map((pixel) => {
      const own = new Float64Array(4 * block);
      for (let tap = 0; tap < 4; tap++) {
        // The nearer of the two pixels has the tap 1 or 2, the farther one the tap 3 or 0.
        const row = tapOf(pixel >> 1, tap >> 1), column = tapOf(pixel & 1, tap & 1);
        const from = (row * size + column) * block;
        own.set(weights.subarray(from, from + block), tap * block);
      }
      return new Matrix(4 * inputs, unpacked(bias), [[own, outputs]]);
    });
  }

  apply(image) {
    const { inputs, outputs, matrices, patch } = this;
    const rows = 2 * image.rows, columns = 2 * image.columns;
    const values = new Float64Array(rows * columns * outputs);
    for (let y = 0, place = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, place += outputs) {
        const matrix = matrices[2 * (y & 1) + (x & 1)];
        cutPatch(image, (y - 1) >> 1, (x - 1) >> 1, 2, inputs, patch);
        matrix.apply(patch, 0);
        values.set(matrix.sums.subarray(0, outputs), place);
      }
    }
    return { rows, columns, values };
  }
}

// Output pixel 2k + parity gets input pixel i with the tap 2k + parity + 1 - 2i.
function tapOf(parity, second) {
  return parity ? 2 - 2 * second : 3 - 2 * second;
}

function cutPatch(image, top, left, size, inputs, patch) {
  let place = 0;
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++, place += inputs) {
      if (y < 0 || x < 0 || y >= image.rows || x >= image.columns) {
        patch.fill(0, place, place + inputs);
        continue;
      }
      const from = (y * image.columns + x) * inputs;
      for (let k = 0; k < inputs; k++) patch[place + k] = image.values[from + k];
    }
  }
}

function relu(image) {
  const { values } = image;
  for (let place = 0; place < values.length; place++) if (values[place] < 0) values[place] = 0;
  return image;
}

function unpacked({ base64 }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return Float64Array.from(new Float32Array(bytes.buffer));
}
