/** How `--help` is laid out: each option on as few lines as can be, so that it fits a screen. */
import type { Help, Option } from 'commander';

/** For `configureHelp`. */
export const HELP_STYLE: Partial<Help> = {
  sortSubcommands: false,
  optionDescription: describe,
};

/** `the I/O model: blocking select epoll [epoll]`; the default is in brackets. */
function describe(option: Option): string {
  const { description, argChoices } = option;
  const choices = argChoices === undefined ? '' : `: ${argChoices.join(' ')}`;
  const shown = shownDefault(option);
  return `${description}${choices}${shown === '' ? '' : ` [${shown}]`}`;
}

/** A default that turns something off goes without saying; one may be told in the description. */
function shownDefault({ defaultValue, description, negate }: Option): string {
  if (!defaultValue || negate || /[[(]default/.test(description)) return '';
  const isSize = typeof defaultValue === 'number' && defaultValue % MEGABYTE === 0;
  return isSize ? sizeOf(defaultValue) : String(defaultValue);
}

/** As `--maxmemory` reads it. */
function sizeOf(bytes: number): string {
  return bytes % (1024 * MEGABYTE) === 0
    ? `${bytes / (1024 * MEGABYTE)}gb`
    : `${bytes / MEGABYTE}mb`;
}

const MEGABYTE = 1024 ** 2;
