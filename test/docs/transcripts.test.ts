/**
 * What README and docs show of the command line: every flag is one that the command has, and the
 * transcripts that any machine can repeat are repeated, line by line. Numbers of processes, ports
 * and versions are the machine's; traces have tests of their own (test/strace).
 */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf, pages, textOf } from '../support/pages.ts';
import { run } from '../support/run.ts';
import { SYSKV, sharedServer, startServer } from '../support/server.ts';

const UTF8 = { encoding: 'utf8' } as const;
const COMMANDS = ['serve', 'cli', 'strace', 'compare', 'doctor'] as const;
/** Up to the end of the code, of a table's cell, or of the remark that follows a command. */
const CALL = /syskv (serve|cli|strace|compare|doctor)((?: [^`|\n]*?)?)(?= {2,}|`|\||\n|$)/gm;

function callsIn(page: string): { command: string; flags: string[] }[] {
  return [...textOf(page).matchAll(CALL)].map(([, command, rest]) => ({
    command,
    flags: rest.split(' ').flatMap((word) => /^--?[a-z][\w-]*/.exec(word)?.[0] ?? []),
  }));
}

describe('every flag that a page uses is one that the command has', () => {
  const helps = new Map<string, string>();

  beforeAll(() => {
    for (const command of COMMANDS) {
      helps.set(command, execFileSync(process.execPath, [SYSKV, command, '--help'], UTF8));
    }
    // It takes all flags of serve, as its help says.
    helps.set('strace', `${helps.get('strace')}${helps.get('serve')}`);
  });

  test.each(pages())('%s', (page) => {
    const unknown = callsIn(page).flatMap(({ command, flags }) =>
      flags
        .filter((flag) => !new RegExp(`(^|[\\s,])${flag}(?![\\w-])`, 'm').test(helps.get(command)!))
        .map((flag) => `${command} ${flag}`),
    );
    expect(unknown).toEqual([]);
  });

  test('and there are such calls', () => {
    const calls = pages().flatMap(callsIn);
    expect(new Set(calls.map(({ command }) => command))).toEqual(new Set(COMMANDS));
    expect(calls.filter(({ flags }) => flags.length > 0).length).toBeGreaterThan(10);
  });
});

interface Step {
  readonly command: string;
  readonly output: string;
}

/** `$ command`, and the lines up to the next one. */
function stepsOf({ text }: Block): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command, ...lines] = part.split('\n');
      return { command, output: lines.join('\n').trim() };
    });
}

function stepsAfter(page: string, beginning: string): Step[] {
  const block = blocksOf(page).find(({ text }) => text.startsWith(`$ ${beginning}`));
  expect(block, `${page} has a block that begins with $ ${beginning}`).toBeDefined();
  return stepsOf(block!);
}

/** What differs from machine to machine. */
function plain(text: string): string {
  return text.replaceAll(/\d+/g, '0').trim();
}

test('README: what a server says when it starts', async () => {
  const [{ command, output }] = stepsAfter('README.md', './bin/syskv serve');
  const flags = command.split(' ').slice(2);
  flags[flags.indexOf('--port') + 1] = '0';
  const server = await startServer(...flags);
  expect(plain(server.output)).toBe(plain(output));
});

describe('docs/cli.md: other protocols', () => {
  const line = sharedServer('--protocol', 'line');
  const http = sharedServer('--protocol', 'http');

  test('are asked as it is shown', async () => {
    const steps = stepsAfter('docs/cli.md', 'syskv cli --protocol line');
    expect(steps.length).toBeGreaterThan(2);
    await cli('line', 'SET', 'name', 'Alice');
    for (const { command, output } of steps) {
      const [, , , protocol, ...words] = command.split(' ');
      const { stdout } = await cli(protocol, ...words);
      if (output !== '') expect(stdout.trim()).toBe(output);
      else expect(stdout).not.toBe('');
    }
  });

  function cli(protocol: string, ...words: string[]) {
    const place = ['-p', String((protocol === 'line' ? line : http)().port), '--no-raw'];
    return run(process.execPath, [SYSKV, 'cli', '--protocol', protocol, ...place, ...words]);
  }
});
