/** Pictures that are chosen, dropped or pasted, as pixels. The browser decodes them. */

import { drawn } from './camera.js';
import { moves } from './portrait.js';

/** @typedef {import('./scanner.js').Pixels} Pixels */

const MAX_PIXELS = 50_000_000; // as for every picture in this project
const CANVAS_PIXELS = 16_000_000; // telephones draw no larger

/**
 * The pixels of a picture file, or why there are none.
 * @param {Blob} file
 * @returns {Promise<Pixels | 'not_picture' | 'moving_picture' | 'too_many_pixels'>}
 */
export async function pixelsOf(file) {
  let bitmap;
  try {
    if (moves(new Uint8Array(await file.arrayBuffer()))) return 'moving_picture';
    bitmap = await createImageBitmap(file);
  } catch {
    return 'not_picture';
  }
  try {
    const size = bitmap.width * bitmap.height;
    if (size > MAX_PIXELS) return 'too_many_pixels';
    const scale = Math.min(1, Math.sqrt(CANVAS_PIXELS / size));
    const [width, height] = [bitmap.width, bitmap.height].map((side) =>
      Math.max(1, Math.floor(side * scale)),
    );
    return drawn(bitmap, width, height);
  } finally {
    bitmap.close();
  }
}

/** The first file that something carried, or null. @param {DataTransfer | null} carried */
export function fileIn(carried) {
  return carried?.files[0] ?? null;
}
