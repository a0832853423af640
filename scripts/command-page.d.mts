import type { Command } from '../src/commands/command.ts';

export function commandPage(rows: readonly Command[]): string;
