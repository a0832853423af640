/** The report as its readers have it: in a browser, wide and narrow, light and dark. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/observe/perfetto.ts';
import { sharedBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';
import { SYSKV } from '../support/server.ts';

const open = sharedBrowser();
const LOGS = new URL('./logs/', import.meta.url);
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

async function report(log: string): Promise<string> {
  const path = join(temporaryFolder(), 'report.html');
  const file = new URL(`${log}.strace`, LOGS).pathname;
  const { status, stderr } = await run(process.execPath, [SYSKV, 'strace', file, '--html', path]);
  expect([status, stderr]).toEqual([0, '']);
  return path;
}

/** How much of the picture's time a bar covers: grows as the reader zooms in. */
async function widthOf(page: Page, selector: string): Promise<number> {
  return (await page.locator(selector).first().boundingBox())?.width ?? 0;
}

describe.each(['blocking', 'epoll', 'thread-pool', 'prefork', 'io_uring'])('%s', (log) => {
  test.each([
    ['wide', WIDE],
    ['dark', { ...WIDE, colorScheme: 'dark' as const }],
    ['phone', PHONE],
  ])('%s: draws, without a complaint, without asking for anything', async (_look, options) => {
    const path = await report(log);
    const { page, complaints, requests } = await open(path, options);
    expect(await page.locator('#chart .bar').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([`file://${path}`]);
  });

  test('nothing is wider than a phone', async () => {
    const { page } = await open(await report(log), PHONE);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(PHONE.width);
  });
});

describe('what is shown', () => {
  test('a lane a thread and a lane a connection', async () => {
    const { page } = await open(await report('thread-pool'), WIDE);
    const lanes = await page.locator('#chart .lane').allTextContents();
    expect(lanes).toEqual(expect.arrayContaining(['main', 'syskv-1', 'client 1', 'client 2']));
  });

  test('blocked time is hatched', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    const fill = await page.locator('#chart .bar.blocked').first().getAttribute('style');
    expect(fill).toContain('url("#hatch-');
  });

  test('the headline is what the log proves', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    const headline = await page.locator('h1').textContent();
    expect(headline).toMatch(
      /^Client 2 was accepted at .* after client 1 left: main was blocked in recvmsg with client 1\.$/,
    );
  });

  test('bars that have room say how long', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    const labels = await page.locator('#chart .in-hatch').allTextContents();
    expect(labels).toContainEqual(expect.stringMatching(/^blocked in recvmsg [\d.]+ (s|ms)$/));
  });

  test.each([
    ['prefork', 'processes'],
    ['thread-pool', 'threads'],
    ['epoll', 'thread'],
  ])('%s serves by %s', async (log, heading) => {
    const { page } = await open(await report(log), WIDE);
    expect(await page.locator('#chart .group').first().textContent()).toBe(heading);
  });

  test('the legend explains the states that are there, and no other', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    const legend = await page.locator('.legend li').allTextContents();
    expect(legend).toEqual([
      'a call',
      'blocked in it, with this client',
      'blocked, with no client',
      'accepted',
    ]);
  });

  test('the table of calls is in the order that it names', async () => {
    const { page } = await open(await report('thread-pool'), WIDE);
    expect(await page.locator('summary').textContent()).toContain(
      'in the order in which they began',
    );
    const times = await page.locator('details tbody td:first-child').allTextContents();
    const seconds = times.map(Number);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  test('the table counts the calls', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    const row = page.locator('tbody tr', { hasText: 'sendmsg' }).first();
    expect((await row.locator('td').first().textContent())?.trim()).toBe('2');
  });
});

describe('the reader', () => {
  test('points at a bar: the call, its arguments, its bytes', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    await page.locator('#chart .bar.blocked.c0').first().hover();
    const note = page.locator('#note');
    await note.waitFor({ state: 'visible' });
    expect(await note.textContent()).toMatch(/recvmsg · main.*FIN, the client has left/);
    expect(await note.locator('code').first().textContent()).toContain('127.0.0.1');
  });

  test('zooms with the wheel, with the buttons and with keys, and back', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    const bar = '#chart .bar.blocked.c0';
    const before = await widthOf(page, bar);
    await page.locator(bar).first().hover();
    await page.mouse.wheel(0, -400);
    await expect.poll(() => widthOf(page, bar)).toBeGreaterThan(before * 1.3);
    await page.locator('#fit').click();
    await page.locator('#in').click();
    await page.locator('#out').click();
    await page.locator('#chart').press('+');
    await page.locator('#chart').press('0');
    await expect.poll(() => widthOf(page, bar)).toBeLessThanOrEqual(before + 1);
  });

  test('drags the picture', async () => {
    const { page } = await open(await report('blocking'), WIDE);
    await page.locator('#in').click();
    const firstTick = () => page.locator('#chart .tick').first().textContent();
    const before = await firstTick();
    const box = (await page.locator('#chart').boundingBox())!;
    await page.mouse.move(box.x + 500, box.y + 120);
    await page.mouse.down();
    await page.mouse.move(box.x + 1000, box.y + 120, { steps: 4 });
    await page.mouse.up();
    await expect.poll(firstTick).not.toBe(before);
  });
});

test('what a client sends stays text', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const evil = '</script><script>alert(1)</script><img src=http://127.0.0.1:9/x>';
  writeFileSync(
    log,
    `1.0 accept4(3, NULL, NULL, 0) = 7 <0.1>\n1.2 read(7, "GET ${evil}\\n", 99) = 80 <0.1>\n`,
  );
  const path = join(folder, 'report.html');
  await run(process.execPath, [SYSKV, 'strace', log, '--html', path]);
  const { page, complaints, requests } = await open(path, WIDE);
  expect([complaints, requests]).toEqual([[], [`file://${path}`]]);
  expect(await page.locator('img').count()).toBe(0);
});

describe("the trace for Perfetto's viewer", () => {
  let events: TraceEvent[] = [];
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'syskv-'));
    const path = join(folder, 'trace.json');
    const log = new URL('thread-pool.strace', LOGS).pathname;
    execFileSync(process.execPath, [SYSKV, 'strace', log, '--perfetto', path]);
    events = JSON.parse(readFileSync(path, 'utf8')).traceEvents;
    rmSync(folder, { recursive: true });
  });

  test('names its tracks', () => {
    const names = events.filter(({ ph }) => ph === 'M').map(({ args }) => args?.['name']);
    expect(names).toEqual(expect.arrayContaining(['server', 'clients', 'main', 'syskv-1']));
  });

  test('has slices with times, which follow one another on each track', () => {
    const ends = new Map<string, number>();
    for (const { ph, pid, tid, ts, dur } of events) {
      if (ph !== 'X') continue;
      const track = `${pid}:${tid}`;
      expect(ts!).toBeGreaterThanOrEqual(ends.get(track) ?? 0);
      ends.set(track, ts! + dur!);
    }
    expect(ends.size).toBeGreaterThan(3);
  });
});
