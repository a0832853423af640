import type { Command } from '../src/commands/command.ts';

export function commandPage(rows: readonly Command[], plain: (syntax: string) => string): string;
