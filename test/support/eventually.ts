/** Waiting for what the server does by itself, for as long as anything takes. */
import { vi } from 'vitest';
import { DEADLINE_MS } from './deadline.ts';

/** Resolves once the condition holds. vitest's own patience is one second. */
export function eventually(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: DEADLINE_MS, interval: 5 });
}
