/**
 * Which bytes are a face that is shown: `documents/portrait.py`. How they begin says what they are; one
 * picture that does not move, of at most a million pixels by its own header.
 */

const MAX_PIXELS = 1_000_000; // ours have 5,000

/** @typedef {[width: number, height: number] | null} Size null: no still picture */

/**
 * The type of the picture, or null when it is none that is shown.
 * @param {Uint8Array} bytes
 */
export function stillType(bytes) {
  const [type, size] = known(bytes);
  if (size === null || !(size[0] > 0 && size[1] > 0)) return null;
  return size[0] * size[1] <= MAX_PIXELS ? type : null;
}

/**
 * Whether it is a picture that moves: of those browsers show the first one alone, and other programs another.
 * @param {Uint8Array} bytes
 */
export function moves(bytes) {
  if (says(bytes, 0, 'GIF8')) return gifPictures(bytes) > 1;
  if (says(bytes, 0, 'RIFF') && says(bytes, 12, 'VP8X')) return (bytes[20] & 2) !== 0;
  if (says(bytes, 0, '\x89PNG')) return pngMoves(bytes);
  return says(bytes, 4, 'ftypavis');
}

/** GIF89a: the blocks, up to a second picture. */
function gifPictures(/** @type {Uint8Array} */ bytes) {
  const colours = (/** @type {number} */ flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let found = 0;
  let at = 13 + colours(bytes[10]);
  while (at < bytes.length && found < 2) {
    if (bytes[at] === 0x2c) {
      found += 1;
      at += 11 + colours(bytes[at + 9]);
    } else if (bytes[at] === 0x21) {
      at += 2;
    } else {
      break;
    }
    while (bytes[at]) at += 1 + bytes[at];
    at += 1;
  }
  return found;
}

/** @param {Uint8Array} bytes @returns {[string, Size]} */
function known(bytes) {
  if (says(bytes, 0, 'RIFF') && says(bytes, 8, 'WEBP')) return ['image/webp', webp(bytes)];
  if (says(bytes, 0, '\xff\xd8\xff')) return ['image/jpeg', jpeg(bytes)];
  if (says(bytes, 0, '\x89PNG')) return ['image/png', png(bytes)];
  if (says(bytes, 4, 'ftypavif')) return ['image/avif', avif(bytes)];
  return ['', null];
}

/** @param {Uint8Array} bytes @param {number} at @param {string} letters */
function says(bytes, at, letters) {
  return [...letters].every((letter, place) => bytes[at + place] === letter.charCodeAt(0));
}

/** A number of some bytes, the first the largest; NaN beyond the end. */
function big(/** @type {Uint8Array} */ bytes, /** @type {number} */ at, count = 4) {
  let value = 0;
  for (let place = 0; place < count; place++) value = value * 256 + (bytes[at + place] ?? NaN);
  return value;
}

/** A number of some bytes, the first the smallest. */
function little(/** @type {Uint8Array} */ bytes, /** @type {number} */ at, count = 2) {
  let value = 0;
  for (let place = count - 1; place >= 0; place--) value = value * 256 + (bytes[at + place] ?? NaN);
  return value;
}

/** RFC 9649: a simple file, lossless or not, or one whose header tells what is in it. */
function webp(/** @type {Uint8Array} */ bytes) {
  /** @type {Size} */
  let size = null;
  if (says(bytes, 12, 'VP8 ')) size = [little(bytes, 26) & 0x3fff, little(bytes, 28) & 0x3fff];
  if (says(bytes, 12, 'VP8L')) {
    const packed = little(bytes, 21, 4);
    size = [(packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1];
  }
  if (says(bytes, 12, 'VP8X') && !(bytes[20] & 2)) {
    size = [little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1];
  }
  return size;
}

/** ITU T.81: the segments up to the one that begins a frame. */
function jpeg(/** @type {Uint8Array} */ bytes) {
  for (let at = 2; bytes[at] === 0xff; ) {
    const kind = bytes[at + 1];
    if (kind === 0xff) {
      at += 1; // fill
      continue;
    }
    const frame = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind);
    if (frame) return /** @type {Size} */ ([big(bytes, at + 7, 2), big(bytes, at + 5, 2)]);
    at += 2 + big(bytes, at + 2, 2);
  }
  return null;
}

/** PNG, third edition: the header comes first. */
function png(/** @type {Uint8Array} */ bytes) {
  if (pngMoves(bytes) || !chunks(bytes).includes('IDAT')) return null;
  return /** @type {Size} */ ([big(bytes, 16), big(bytes, 20)]);
}

/** An acTL makes it move. */
function pngMoves(/** @type {Uint8Array} */ bytes) {
  return chunks(bytes).includes('acTL');
}

/** The names of its chunks, up to the pixels. */
function chunks(/** @type {Uint8Array} */ bytes) {
  /** @type {string[]} */
  const names = [];
  for (let at = 8; at + 8 <= bytes.length; at += 12 + big(bytes, at)) {
    names.push(String.fromCharCode(...bytes.subarray(at + 4, at + 8)));
    if (names[names.length - 1] === 'IDAT') break;
  }
  return names;
}

/** ISO/IEC 23008-12: the largest of the extents that are stated. */
function avif(/** @type {Uint8Array} */ bytes) {
  /** @type {Size} */
  let size = null;
  for (let at = 0; at + 16 <= bytes.length; at++) {
    if (!says(bytes, at, 'ispe')) continue;
    const [width, height] = [big(bytes, at + 8), big(bytes, at + 12)];
    if (size === null || width * height > size[0] * size[1]) size = [width, height];
  }
  return size;
}
