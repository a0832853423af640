/** One row of the command table. COMMAND, COMMAND DOCS and docs/commands.md come from it. */
import type { Call } from './call.ts';

export type Handler = (call: Call) => void;

/** Redis' own flag names (redis.io/docs/latest/commands/command). */
export type CommandFlag =
  | 'readonly'
  | 'write'
  | 'denyoom'
  | 'fast'
  | 'admin'
  | 'dangerous'
  | 'noscript'
  | 'loading'
  | 'stale'
  | 'no_auth'
  | 'allow_busy'
  | 'skip_slowlog'
  | 'skip_monitor'
  | 'no_async_loading'
  | 'no_multi'
  | 'movablekeys';

export type CommandGroup =
  | 'string'
  | 'bitmap'
  | 'generic'
  | 'connection'
  | 'server'
  | 'transactions'
  | 'scripting';

export interface Command {
  /** Lower-case. */
  readonly name: string;
  /** Positive: exactly so many arguments, the name included; negative: at least so many. */
  readonly arity: number;
  readonly flags: readonly CommandFlag[];
  /** First key, last key (negative: from the end), step; 0 0 0 without keys. */
  readonly keys: readonly [first: number, last: number, step: number];
  readonly group: CommandGroup;
  readonly since: string;
  readonly complexity: string;
  readonly summary: string;
  readonly handler: Handler;
}
