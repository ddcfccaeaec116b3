/**
 * The page: ways in (camera, picture, text), one verdict for each code, and what the page trusts. It keeps
 * nothing and asks nobody.
 */

import packedDecoder from 'zxing-wasm/reader/zxing_reader.wasm';

import { Camera } from './camera.js';
import { localDay, compare, dayOf } from './dates.js';
import { bySeverity, judge } from './judge.js';
import { fileIn, pixelsOf } from './pictures.js';
import { enlarged, greyed, prepare, softened, textsAtOnce, textsIn } from './scanner.js';
import { trustOf } from './trust.js';
import { card, element, trusted } from './view.js';
import { chosen, Words } from './words.js';

/** @typedef {import('./judge.js').Result} Result */
/** @typedef {import('./scanner.js').Pixels} Pixels */
/** @typedef {{trust: import('./trust.js').WrittenTrust, languages: Record<string, import('./words.js').Catalogue>}} Written */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 */
const by = (id) => /** @type {T} */ (document.getElementById(id));

class Page {
  /** @param {Written} written */
  constructor(written) {
    this.languages = written.languages;
    this.trust = trustOf(written.trust);
    this.words = this.wordsOf(chosen(navigator.languages ?? [], Object.keys(this.languages)));
    /** @type {{results: Result[], at: Date} | null} */
    this.outcome = null;
    this.asked = 0; // what is found for an earlier question is not shown
    this.starts = 0; // of the camera
    this.decoder = prepare(packedDecoder);
    this.decoder.catch(() => {}); // told when a picture is to be read
    /** @type {HTMLInputElement} */
    this.text = by('text');
    this.camera = new Camera(by('video'), lookedAt, (texts) => {
      this.stopCamera();
      this.show(
        texts.map((text) => this.judged(text)),
        'verdict',
      );
    });
    this.listen();
    this.speak();
    by('desk').hidden = false;
    by('camera').hidden = !Camera.possible;
  }

  // words -------------------------------------------------------------------------------------

  /** @param {string} language */
  wordsOf(language) {
    return new Words(language, this.languages[language]);
  }

  /** Say everything in the language in use. */
  speak() {
    const { words } = this;
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.dir;
    document.title = words.say('title');
    for (const one of document.querySelectorAll('[data-say]')) {
      one.textContent = words.say(one.getAttribute('data-say') ?? '');
    }
    for (const one of document.querySelectorAll('[data-say-label]')) {
      one.setAttribute('aria-label', words.say(one.getAttribute('data-say-label') ?? ''));
    }
    for (const one of document.querySelectorAll('[data-say-hint]')) {
      one.setAttribute('placeholder', words.say(one.getAttribute('data-say-hint') ?? ''));
    }
    this.sayTrust();
    this.draw();
  }

  sayTrust() {
    const now = new Date();
    by('trust').replaceChildren(...trusted(this.trust, this.words, now));
    const signed = this.trust.issuedAt === null ? null : dayOf(this.trust.issuedAt);
    const behind = signed !== null && compare(localDay(now), signed) < 0;
    by('clock').hidden = !behind;
    by('clock').textContent = behind ? this.words.say('clock_wrong') : '';
  }

  // ways in -----------------------------------------------------------------------------------

  listen() {
    /** @type {HTMLSelectElement} */
    const language = by('language');
    for (const [tag, { name, dir }] of Object.entries(this.languages)) {
      language.append(element('option', { value: tag, lang: tag, dir }, name));
    }
    language.value = this.words.language;
    language.addEventListener('change', () => {
      this.words = this.wordsOf(language.value);
      this.speak();
    });
    by('camera').addEventListener('click', () => this.startCamera());
    by('stop').addEventListener('click', () => this.stopCamera());
    /** @type {HTMLInputElement} */
    const file = by('file');
    by('choose').addEventListener('click', () => file.click());
    file.addEventListener('change', () => {
      const picture = file.files?.[0];
      if (picture) this.checkPicture(picture);
      file.value = '';
    });
    by('typed').addEventListener('submit', (event) => {
      event.preventDefault();
      this.checkText(this.text.value);
    });
    by('again').addEventListener('click', () => {
      this.forget();
      by(Camera.possible ? 'camera' : 'choose').focus();
    });
    document.addEventListener('paste', (event) => this.pasted(event));
    document.addEventListener('keydown', (event) => this.keyed(event));
    this.listenToDrops();
    addEventListener('pagehide', () => this.forget());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.stopCamera();
    });
  }

  listenToDrops() {
    const over = (/** @type {DragEvent} */ event, /** @type {boolean} */ lit) => {
      event.preventDefault();
      document.body.classList.toggle('over', lit);
    };
    document.addEventListener('dragover', (event) => over(event, true));
    document.addEventListener('dragleave', (event) => over(event, false));
    document.addEventListener('drop', (event) => {
      over(event, false);
      const file = fileIn(event.dataTransfer);
      const text = event.dataTransfer?.getData('text/plain');
      if (file) this.checkPicture(file);
      else if (text) this.checkText(text);
    });
  }

  /** A picture from anywhere; a text when no field takes it. @param {ClipboardEvent} event */
  pasted(event) {
    const file = fileIn(event.clipboardData);
    const text = event.clipboardData?.getData('text/plain');
    if (file) this.checkPicture(file);
    else if (text && event.target !== this.text) this.checkText(text);
    else return;
    event.preventDefault();
  }

  /** A reader of codes that types: its first letter brings the field. @param {KeyboardEvent} event */
  keyed(event) {
    if (event.key === 'Escape') this.stopCamera();
    const typed = event.key.length === 1 && event.key !== ' ';
    const elsewhere = !(
      event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
    );
    if (typed && elsewhere && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.text.focus();
      this.text.select();
    }
  }

  async startCamera() {
    this.forget();
    by('camera').hidden = true;
    by('stop').hidden = false;
    by('finder').hidden = false;
    const starts = ++this.starts;
    try {
      await this.decoder;
    } catch {
      this.stopCamera();
      this.show([failure('no_reader')], 'verdict');
      return;
    }
    if (starts !== this.starts) return; // stopped meanwhile
    try {
      await this.camera.start();
    } catch {
      this.stopCamera();
      this.note('camera_refused');
    }
  }

  stopCamera() {
    this.starts++;
    this.camera.stop();
    by('camera').hidden = !Camera.possible;
    by('stop').hidden = true;
    by('finder').hidden = true;
  }

  /** @param {string} text */
  checkText(text) {
    if (!text.trim()) return;
    this.stopCamera();
    this.show([this.judged(text)], 'text');
  }

  /** @param {Blob} file */
  async checkPicture(file) {
    this.forget();
    this.note('checking');
    const asked = this.asked;
    const results = await this.lookedAt(file);
    if (asked === this.asked) this.show(results, 'verdict');
  }

  /** @param {Blob} file @returns {Promise<Result[]>} */
  async lookedAt(file) {
    const pixels = await pixelsOf(file);
    if (typeof pixels === 'string') return [failure(pixels)];
    try {
      await this.decoder;
    } catch {
      return [failure('no_reader')];
    }
    const texts = await textsIn(greyed(pixels));
    return texts.length ? texts.map((text) => this.judged(text)) : [failure('no_code')];
  }

  /** @param {string} text */
  judged(text) {
    return judge(text, this.trust, Date.now() / 1000);
  }

  // the verdict -------------------------------------------------------------------------------

  /** @param {Result[]} results @param {'verdict' | 'text'} focus */
  show(results, focus) {
    this.asked++;
    this.note('');
    this.outcome = { results, at: new Date() };
    by('reader').hidden = true;
    by('again').hidden = false;
    this.sayTrust();
    this.draw();
    // On a telephone the field would bring up the keyboard, over the verdict.
    if (focus === 'text' && matchMedia('(pointer: fine)').matches) {
      this.text.focus({ preventScroll: true });
      this.text.select();
    } else {
      by('results').querySelector('h2')?.focus({ preventScroll: true });
    }
    scrollTo(0, 0);
  }

  draw() {
    const { outcome, words, trust } = this;
    const count = outcome?.results.length ?? 0;
    const numbered = (outcome?.results ?? []).map((result, place) => ({ result, number: place + 1 }));
    // However many good ones come before it, the worst is what is seen first.
    numbered.sort((one, other) => bySeverity(one.result.verdict, other.result.verdict));
    const at = outcome?.at ?? new Date();
    // Whatever comes: what was shown of another paper must not be taken for an answer about this one.
    by('results').replaceChildren();
    by('results').append(
      ...numbered.map(({ result, number }) => {
        const known = { words, trust, at, number, count };
        try {
          return card(result, known);
        } catch {
          return card(failure('bad_claims'), known);
        }
      }),
    );
  }

  /** What was on a paper stays no longer than it is looked at. */
  forget() {
    this.asked++;
    this.stopCamera();
    this.outcome = null;
    this.text.value = '';
    by('reader').hidden = false;
    by('again').hidden = true;
    this.note('');
    this.draw();
  }

  /** @param {string} key */
  note(key) {
    by('note').textContent = key ? this.words.say(key) : '';
  }
}

/** One frame: mostly as it is, now and then enlarged or softened. @param {Pixels} pixels @param {number} turn */
function lookedAt(pixels, turn) {
  const grey = greyed(pixels);
  if (turn % 4 === 1) return textsAtOnce(softened(grey));
  return textsAtOnce(turn % 4 === 3 ? enlarged(grey) : grey);
}

/** @param {string} reason @returns {Result} */
function failure(reason) {
  return { verdict: 'unreadable', reason, claims: new Map(), revocation: 'unknown' };
}

by('unstarted').hidden = true;
try {
  new Page(JSON.parse(by('data').textContent ?? ''));
} catch {
  by('damaged').hidden = false;
}
