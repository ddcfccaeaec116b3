/**
 * Puts the page together: one HTML file with slots that `documents/verifier_page.py` fills, and the licences
 * of what is in it.
 *
 *     node build.mjs           write resources/verifier/
 *     node build.mjs --check   change nothing; fail when what is there is not what the sources give
 *
 * The same sources and packages give the same bytes: nothing of the machine or the day is in them.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, transform } from 'esbuild';
import { deflateRaw } from 'pako';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const RESOURCES = join(HERE, '..', 'resources');
const OUT = join(RESOURCES, 'verifier');
const TARGET = ['es2020', 'chrome93', 'firefox92', 'safari15.4'];
const RULE = '='.repeat(78);
const ICONS = ['verify', 'camera', 'folder', 'success', 'warning', 'danger'];

/** The decoder goes in deflated, as base64: half the size, and it needs no request. */
const packedDecoder = {
  name: 'packed-decoder',
  setup(build) {
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => {
      const packed = Buffer.from(deflateRaw(readFileSync(path), { level: 9 })).toString('base64');
      return { contents: packed, loader: 'text' };
    });
  },
};

/** The decoder's package knows an address to fetch itself from. The page fetches nothing. */
const noAddress = {
  name: 'no-address',
  setup(build) {
    build.onLoad({ filter: /zxing-wasm\/dist\/es\/share\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const address = /`https:\/\/[^`]*\/zxing-wasm@[^`]*`/g;
      if (source.match(address)?.length !== 1)
        throw new Error('zxing-wasm has changed: look again');
      return { contents: source.replace(address, 'e'), loader: 'js' };
    });
  },
};

async function script() {
  const { outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: ['src/main.js'],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: TARGET,
    charset: 'utf8',
    legalComments: 'none',
    platform: 'browser',
    plugins: [packedDecoder, noAddress],
    logLevel: 'warning',
  });
  const text = outputFiles[0].text.trim();
  if (/https?:\/\/(?!www\.w3\.org\/)/.test(text))
    throw new Error('an address is left in the script');
  if (/<\/script|<!--|<script/i.test(text)) throw new Error('the script would end its element');
  return text;
}

async function style() {
  const source = readFileSync(join(HERE, 'src', 'styles.css'), 'utf8');
  return (
    await transform(source, { loader: 'css', minify: true, target: TARGET.slice(1) })
  ).code.trim();
}

function icons() {
  return ICONS.map((name) => {
    const svg = readFileSync(join(RESOURCES, 'icons', `${name}.svg`), 'utf8');
    const inside = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
    return `<symbol id="icon-${name}" viewBox="0 0 24 24">${inside}</symbol>`;
  }).join('');
}

function licences() {
  const { packages } = JSON.parse(readFileSync(join(HERE, 'package-lock.json'), 'utf8'));
  const { dependencies } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
  const notes = Object.keys(dependencies).map((name) => {
    const { version, license } = packages[`node_modules/${name}`];
    const folder = join(HERE, 'node_modules', name);
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const texts = [join(folder, file), join(HERE, 'licences', `${name}.txt`)]
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8').replace(/\r\n/g, '\n').trim());
    return [RULE, `${name} ${version} (${license})`, RULE, '', texts.join('\n\n'), ''].join('\n');
  });
  return `What is in the page for verifiers beside Waystation, and its licences.\n\n${notes.join('\n')}`;
}

async function outputs() {
  const html = readFileSync(join(HERE, 'src', 'page.html'), 'utf8');
  const notes = licences();
  if (notes.includes('--')) throw new Error('the licences would end their comment');
  const parts = { STYLE: await style(), ICONS: icons(), SCRIPT: await script(), LICENCES: notes };
  const page = html.replace(/%%(STYLE|ICONS|SCRIPT|LICENCES)%%/g, (_, slot) => parts[slot]);
  return { 'verifier.html.in': page, 'LICENCES.txt': notes };
}

const check = process.argv.includes('--check');
mkdirSync(OUT, { recursive: true });
for (const [name, text] of Object.entries(await outputs())) {
  const path = join(OUT, name);
  const same = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (check && !same) {
    console.error(`resources/verifier/${name} is not what the sources give. Run: make verifier`);
    process.exitCode = 1;
  }
  if (!check && !same) writeFileSync(path, text);
  console.log(
    `${name}: ${Buffer.byteLength(text)} bytes${same ? '' : check ? ', stale' : ', written'}`,
  );
}
