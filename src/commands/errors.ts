/**
 * Error texts that more than one command answers. Clients compare some of them: keep each letter.
 */

export const SYNTAX = 'ERR syntax error';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const NOT_A_FLOAT = 'ERR value is not a valid float';
export const OVERFLOW = 'ERR increment or decrement would overflow';
export const NO_SUCH_KEY = 'ERR no such key';
export const SAME_OBJECT = 'ERR source and destination objects are the same';
export const DATABASE_OUT_OF_RANGE = 'ERR DB index is out of range';
export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
export const NO_AUTH = 'NOAUTH Authentication required.';
export const TOO_LONG = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)';

export function wrongArity(command: string): string {
  return `ERR wrong number of arguments for '${command}' command`;
}

/** Of a subcommand that counts its arguments by itself; `word`: as it was typed. */
export function wrongCount(container: string, word: string): string {
  const help = `Try ${container.toUpperCase()} HELP.`;
  return `ERR unknown subcommand or wrong number of arguments for '${word}'. ${help}`;
}

export function invalidExpireTime(command: string): string {
  return `ERR invalid expire time in '${command}' command`;
}
