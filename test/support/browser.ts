/** Debian's Chromium, headless, for the pages that we write: no network is there to be missed. */
import { accessSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { requireTool } from './tools.ts';

const EXECUTABLE = '/usr/bin/chromium';
/** A cold start on a busy machine. */
const START_MS = 60_000;

export interface OpenPage {
  readonly page: Page;
  /** What the page complained of: console messages and exceptions. */
  readonly complaints: string[];
  /** Every address it asked for. */
  readonly requests: string[];
}

export interface PageOptions {
  readonly width: number;
  readonly height: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** One browser for all tests of a `describe`; opens a file in a page of its own. */
export function sharedBrowser(): (path: string, options: PageOptions) => Promise<OpenPage> {
  requireTool('chromium', 'chromium');
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!isThere()) return;
    // Chromium's own sandbox refuses to run as root, as in most containers.
    const args = process.geteuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath: EXECUTABLE, args, timeout: START_MS });
  }, START_MS);
  afterAll(() => browser?.close());
  return async (path, { width, height, colorScheme = 'light' }) => {
    const page = await browser!.newPage({ viewport: { width, height }, colorScheme });
    onTestFinished(() => page.close());
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${path}`);
    return { page, complaints, requests };
  };
}

function isThere(): boolean {
  try {
    accessSync(EXECUTABLE);
    return true;
  } catch {
    return false;
  }
}
