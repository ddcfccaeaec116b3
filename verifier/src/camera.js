/** The live camera: frames go to the decoder until it finds a code or somebody stops it. */

/** @typedef {import('./scanner.js').Pixels} Pixels */

const WANTED = {
  audio: false,
  video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
};

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {(pixels: Pixels, turn: number) => Promise<string[]>} read
   * @param {(texts: string[]) => void} found
   */
  constructor(video, read, found) {
    this.video = video;
    this.read = read;
    this.found = found;
    /** @type {MediaStream | null} */
    this.stream = null;
    this.run = 0;
  }

  /** Whether the browser gives a page like this one a camera at all. */
  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  get running() {
    return this.stream !== null;
  }

  /** @throws {DOMException} there is no camera, or it was refused */
  async start() {
    this.stop();
    const run = this.run;
    const stream = await navigator.mediaDevices.getUserMedia(WANTED);
    if (run !== this.run) {
      release(stream);
      return;
    }
    this.stream = stream;
    this.video.srcObject = stream;
    await this.video.play();
    this.look(run, 0);
  }

  stop() {
    this.run++;
    if (this.stream) release(this.stream);
    this.stream = null;
    this.video.srcObject = null;
  }

  /** @param {number} run @param {number} turn */
  look(run, turn) {
    requestAnimationFrame(async () => {
      if (run !== this.run) return;
      const pixels = frameOf(this.video);
      const texts = pixels ? await this.read(pixels, turn) : [];
      if (run !== this.run) return;
      if (texts.length) this.found(texts);
      else this.look(run, turn + 1);
    });
  }
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {HTMLVideoElement} video */
function frameOf(video) {
  const { videoWidth: width, videoHeight: height } = video;
  return width && height ? drawn(video, width, height) : null;
}

/**
 * The pixels of a picture on white, as large as asked.
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
export function drawn(source, width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
