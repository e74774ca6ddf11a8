// Random numbers from a seed: the same seed gives the same paths in every browser.

// Fills an array with standard normals. Each path has a stream of its own, so that the first paths
// of a seed do not depend on how many are drawn.
export function fillNormals(array, seed, stream) {
  const random = new Sfc32(seed, stream);
  for (let place = 0; place < array.length; place += 2) {
    // Marsaglia's polar method: two normals from a point inside the unit circle.
    let x, y, square;
    do {
      x = random.next() * SCALE;
      y = random.next() * SCALE;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const length = Math.sqrt((-2 * Math.log(square)) / square);
    array[place] = x * length;
    if (place + 1 < array.length) array[place + 1] = y * length;
  }
  return array;
}

// A number from 0 to 1, without 1.
export function uniform(seed, stream) {
  return (mixed(mixed(seed) ^ stream) >>> 0) / 2 ** 32;
}

const SCALE = 2 ** -31; // from 32 bits with a sign to the interval from -1 to 1

// The generator sfc32 of Chris Doty-Humphrey's PractRand.
class Sfc32 {
  constructor(seed, stream) {
    const one = mixed(seed), other = mixed(stream ^ 0x9e3779b9);
    this.state = Int32Array.of(one, other, mixed(one ^ other), 1);
    for (let round = 0; round < 12; round++) this.next();
  }

  next() {
    const state = this.state;
    const sum = (state[0] + state[1] + state[3]) | 0;
    state[3] += 1;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = state[2] + (state[2] << 3);
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
    return sum;
  }
}

// The finalizer of MurmurHash3, so that neighboring seeds start far apart.
function mixed(value) {
  let hash = (value + 0x6d2b79f5) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
