/**
 * zlib streams (RFC 1950) with a limit, as Python's `zlib.decompressobj` reads them: pako is a port of
 * the same zlib, and is asked for one byte more than the limit in one call.
 */

import {
  Z_BUF_ERROR,
  Z_OK,
  Z_STREAM_END,
  Z_SYNC_FLUSH,
  ZStream,
  zlibInflate,
  zlibInflateInit,
} from 'pako';

/**
 * The inflated bytes; `too_large` beyond the limit; `damaged` for a stream that is wrong, ends early or
 * is followed by anything.
 * @param {Uint8Array} data
 * @param {number} limit
 * @returns {Uint8Array | 'too_large' | 'damaged'}
 */
export function inflated(data, limit) {
  const stream = new ZStream();
  zlibInflateInit(stream);
  stream.input = data;
  stream.avail_in = data.length;
  stream.output = new Uint8Array(limit + 1);
  stream.avail_out = limit + 1;
  const status = zlibInflate(stream, Z_SYNC_FLUSH);
  if (status !== Z_OK && status !== Z_STREAM_END && status !== Z_BUF_ERROR) return 'damaged';
  if (stream.next_out > limit) return 'too_large';
  if (status !== Z_STREAM_END || stream.avail_in > 0) return 'damaged';
  return stream.output.slice(0, stream.next_out);
}
