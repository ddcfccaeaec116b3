/**
 * Texts of the QR codes in a picture, by ZXing-C++ compiled to WebAssembly: the decoder of the program. It
 * lies in the page, deflated; nothing is fetched.
 *
 * @typedef {{data: Uint8ClampedArray, width: number, height: number}} Pixels red, green, blue, alpha
 */

import { inflateRaw } from 'pako';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

import { fromBase64 } from './bytes.js';

/** @type {import('zxing-wasm/reader').ReaderOptions} */
const OPTIONS = { formats: ['QRCode'], textMode: 'Plain' };
const ENLARGED_PIXELS = 12_000_000; // enlarging helps small phone pictures, not large scans
const ROW = 50; // pixels of height in which codes stand beside each other

/**
 * Get the decoder ready.
 * @param {string} packed base64 of the deflated WebAssembly module
 * @throws {Error} the browser has no WebAssembly, or does not allow it under this page's policy
 */
export async function prepare(packed) {
  const wasmBinary = inflateRaw(fromBase64(packed)).slice().buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
}

/**
 * The texts, left to right and top to bottom; the ways of `documents/codes.py` one after the other.
 * @param {Pixels} pixels
 */
export async function textsIn(pixels) {
  for (const attempt of attempts(pixels)) {
    const texts = await textsAtOnce(attempt);
    if (texts.length) return texts;
  }
  return [];
}

/**
 * The texts found in the picture as it is: for one frame of a camera among many.
 * @param {Pixels} pixels
 */
export async function textsAtOnce(pixels) {
  const found = await readBarcodes(/** @type {ImageData} */ (pixels), OPTIONS);
  const place = (/** @type {typeof found[number]} */ code) => code.position.topLeft;
  return found
    .filter((code) => code.isValid)
    .sort((one, other) => {
      const rows = Math.floor(place(one).y / ROW) - Math.floor(place(other).y / ROW);
      return rows || place(one).x - place(other).x;
    })
    .map((code) => code.text);
}

/** @param {Pixels} pixels */
function* attempts(pixels) {
  yield pixels;
  if (pixels.width * pixels.height <= ENLARGED_PIXELS) yield enlarged(pixels);
  yield softened(pixels);
}

/**
 * Twice as wide and high, for small modules.
 * @param {Pixels} pixels
 * @returns {Pixels}
 */
export function enlarged({ data, width, height }) {
  const out = new Uint8ClampedArray(width * height * 16);
  for (let y = 0; y < height * 2; y++) {
    // Centres of pixels: a new one lies a quarter from the old one it is in.
    const near = y >> 1;
    const far = Math.min(height - 1, Math.max(0, near + (y & 1 ? 1 : -1)));
    for (let x = 0; x < width * 2; x++) {
      const left = x >> 1;
      const right = Math.min(width - 1, Math.max(0, left + (x & 1 ? 1 : -1)));
      const [a, b] = [4 * (near * width + left), 4 * (near * width + right)];
      const [c, d] = [4 * (far * width + left), 4 * (far * width + right)];
      const grey = (9 * data[a] + 3 * data[b] + 3 * data[c] + data[d]) / 16;
      fill(out, 4 * (y * width * 2 + x), grey);
    }
  }
  return { data: out, width: width * 2, height: height * 2 };
}

/**
 * Softened by weights of 1, 2, 1 both ways, for coarse grain.
 * @param {Pixels} pixels
 * @returns {Pixels}
 */
export function softened({ data, width, height }) {
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    const up = Math.max(0, y - 1) * width;
    const here = y * width;
    const down = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      const corners =
        data[4 * (up + left)] +
        data[4 * (up + right)] +
        data[4 * (down + left)] +
        data[4 * (down + right)];
      const sides =
        data[4 * (up + x)] +
        data[4 * (down + x)] +
        data[4 * (here + left)] +
        data[4 * (here + right)];
      fill(out, 4 * (here + x), (corners + 2 * sides + 4 * data[4 * (here + x)]) / 16);
    }
  }
  return { data: out, width, height };
}

/**
 * Grey, in place, so that the other steps look at one channel only.
 * @param {Pixels} pixels
 */
export function greyed({ data, width, height }) {
  for (let at = 0; at < data.length; at += 4) {
    fill(data, at, 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]);
  }
  return { data, width, height };
}

/** @param {Uint8ClampedArray} data @param {number} at @param {number} grey */
function fill(data, at, grey) {
  data[at] = grey;
  data[at + 1] = grey;
  data[at + 2] = grey;
  data[at + 3] = 255;
}
