/** The HTML report in a browser: it draws, answers to the mouse, and asks nobody for anything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { htmlOf } from '../../src/measure/report/html.ts';
import { type PageOptions, sharedBrowser } from '../support/browser.ts';
import { madeUpReport } from './cells.ts';

const open = sharedBrowser();
const report = madeUpReport();
let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'syskv-report-'));
  file = join(folder, 'report.html');
  writeFileSync(file, htmlOf(report));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DESKTOP = { width: 1280, height: 900 };
const SCREENS: [string, PageOptions][] = [
  ['a desktop', DESKTOP],
  ['a dark desktop', { ...DESKTOP, colorScheme: 'dark' }],
  ['a tablet', { width: 800, height: 1000 }],
  ['a phone', { width: 390, height: 844 }],
];

/** Pixels of each plot that are drawn on. A string: tests know no browser's types. */
function inkOf(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`
    [...document.querySelectorAll('canvas')].map((canvas) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      let ink = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ink++;
      return ink;
    })
  `);
}

describe.each(SCREENS)('on %s', (_, screen) => {
  test('nothing is complained of, and nothing leaves the file', async () => {
    const { page, complaints, requests } = await open(file, screen);
    await page.locator('canvas').first().waitFor();
    expect(complaints).toEqual([]);
    expect(requests).toEqual([`file://${file}`]);
  });

  test('every plot has marks', async () => {
    const { page } = await open(file, screen);
    const ink = await inkOf(page);
    // One of idle connections; of latencies and of the warm-up one for each scenario.
    expect(ink.length).toBe(1 + 2 * report.scenarios.length);
    expect(Math.min(...ink)).toBeGreaterThan(1000);
    expect(await page.locator('.track i').count()).toBeGreaterThan(0);
  });

  test('every plot is followed by a sentence', async () => {
    const { page } = await open(file, screen);
    const followed = page.locator('.plot + p, .bars + p');
    expect(await followed.count()).toBe(await page.locator('.plot, .bars').count());
    for (const text of await followed.allTextContents()) expect(text).toMatch(/\w.*\.$/);
  });

  test('no table is cut off', async () => {
    const { page } = await open(file, screen);
    await page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
    const hidden = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.scroll')].map((e) => e.scrollWidth - e.clientWidth)",
    );
    expect(hidden.length).toBe(report.scenarios.length);
    expect(Math.max(...hidden)).toBe(0);
  });

  test('it is not wider than the screen, and a picture can be taken', async () => {
    const { page } = await open(file, screen);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(screen.width);
    const picture = await page.screenshot({ fullPage: true });
    expect(picture.length).toBeGreaterThan(10_000);
  });
});

describe('the mouse', () => {
  test('reads values off a curve', async () => {
    const { page } = await open(file, DESKTOP);
    const values = page.locator('#idle .u-legend .u-value');
    expect(await values.allTextContents()).toEqual(['–', '–', '–', '–']);
    const box = (await page.locator('#idle .u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
    await expect
      .poll(() => values.allTextContents())
      .toEqual(['1,000', '6,667/s', '40,000/s', '25,100/s']);
  });

  test('zooms in by dragging, and out by a double click', async () => {
    const { page } = await open(file, DESKTOP);
    const plot = page.locator('[data-plot="latency"]').first();
    await plot.scrollIntoViewIfNeeded();
    const before = await inkOf(page);
    const box = (await plot.locator('.u-over').boundingBox())!;
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => inkOf(page)).not.toEqual(before);
    await page.mouse.dblclick(box.x + 20, y);
    await expect.poll(() => inkOf(page)).toEqual(before);
  });

  test('opens the figures behind a plot', async () => {
    const { page } = await open(file, DESKTOP);
    const figures = page.locator('details').first();
    await figures.locator('summary').click();
    expect(await figures.locator('tbody tr').count()).toBe(report.targets.length);
  });

  test('saves the raw numbers', async () => {
    const { page } = await open(file, DESKTOP);
    const download = page.waitForEvent('download');
    await page.locator('#download').click();
    expect((await download).suggestedFilename()).toBe('syskv-compare.json');
  });
});

test('another colour scheme draws the curves anew', async () => {
  const { page } = await open(file, DESKTOP);
  const count = await page.locator('canvas').count();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => page.locator('canvas').count()).toBe(count);
  expect(Math.min(...(await inkOf(page)))).toBeGreaterThan(1000);
});
