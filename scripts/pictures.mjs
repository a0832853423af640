/**
 * The pictures of the README: a timeline and a comparison, taken of real reports in headless
 * Chromium. Run it after `npm run build`, on a quiet machine: `node scripts/pictures.mjs`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { indexedPng } from './indexed-png.mjs';

const SYSKV = fileURLToPath(new URL('../bin/syskv', import.meta.url));
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));

/** Each report is made by a command, and shown as far down as a reader needs to see. */
const REPORTS = [
  { name: 'timeline', command: ['strace', '--demo', 'blocking'], height: 560 },
  { name: 'comparison', command: ['compare', '--scenarios', '50-clients'], height: 900 },
];

/** Nothing that Chromium does on its own account, and no network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** As wide as GitHub shows a README, on a screen with two pixels to the point. */
const WIDTH = 1120;

async function photograph(browser, page, { name, height }, colorScheme) {
  const viewport = { width: WIDTH, height };
  const view = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1.5 });
  await view.goto(pathToFileURL(page).href);
  const path = join(IMAGES, `${name}-${colorScheme}.png`);
  // An empty page decodes it: the report's own policy forbids images.
  const picture = await view.screenshot();
  await view.goto('about:blank');
  writeFileSync(path, await indexedPng(view, picture));
  await view.close();
  return path;
}

const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'syskv-'));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
try {
  mkdirSync(IMAGES, { recursive: true });
  for (const report of REPORTS) {
    if (wanted.length > 0 && !wanted.includes(report.name)) continue;
    const page = join(folder, `${report.name}.html`);
    const command = [SYSKV, ...report.command, '--html', page];
    execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
    for (const colorScheme of ['light', 'dark']) {
      const path = await photograph(browser, page, report, colorScheme);
      console.log(`${path}: ${Math.round(statSync(path).size / 1024)} KiB`);
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
