/** Commands without a person: one on the command line, or lines on stdin. */
import { splitCommand, wordsOf } from '../../client/command-line.ts';
import { bytesOfArguments, linesOfInput, readWholeInput } from './arguments.ts';
import { CommandDesk } from './desk.ts';
import { patient } from './open.ts';
import type { ClientOptions } from './options.ts';
import { print } from './output.ts';
import { isQuit, withRepetition } from './typed.ts';

/** @returns the exit status. */
export async function runOnce(words: readonly string[], options: ClientOptions): Promise<number> {
  const args = argumentsOf(words, options);
  if (args === undefined) {
    print('Invalid quoted string\n');
    return 1;
  }
  if (options.lastFromInput) args.push(readWholeInput());
  const desk = new CommandDesk(options, patient());
  const succeeded = await desk.run(args, options.repeat ?? 1);
  desk.session.disconnect();
  return succeeded ? 0 : 1;
}

/** Undefined where one is not to be read as it was asked for. */
function argumentsOf(words: readonly string[], options: ClientOptions): Uint8Array[] | undefined {
  const { inputTag, quotedInput } = options;
  const typed = bytesOfArguments(words);
  const args = quotedInput ? typed.map(unquoted) : typed;
  if (args.includes(undefined)) return undefined;
  const tagged = inputTag === undefined ? -1 : words.indexOf(inputTag);
  if (tagged >= 0) args[tagged] = readWholeInput();
  return args as Uint8Array[];
}

/** A word of a typed line, in quotes or not; undefined for none, and for several. */
function unquoted(word: Uint8Array): Uint8Array | undefined {
  const words = splitCommand(word);
  return words?.length === 1 ? words[0] : undefined;
}

/** Goes on behind a line that fails, as a shell does. `prompts`: somebody types them. */
export async function runLines(options: ClientOptions, prompts: boolean): Promise<number> {
  const desk = new CommandDesk(options, patient());
  let failures = 0;
  const prompt = () => prompts && print(desk.session.prompt);
  prompt();
  for (const line of linesOfInput()) {
    const args = splitCommand(line);
    if (args === undefined) print('Invalid argument(s)\n');
    else if (args.length > 0 && isQuit(wordsOf(args)[0])) break;
    else if (args.length > 0 && !(await runLine(desk, args, options))) failures++;
    prompt();
  }
  desk.session.disconnect();
  return failures === 0 ? 0 : 1;
}

async function runLine(
  desk: CommandDesk,
  args: Uint8Array[],
  options: ClientOptions,
): Promise<boolean> {
  const repeated = withRepetition(args);
  if (repeated !== undefined)
    return desk.run(repeated.args, repeated.repeat ?? options.repeat ?? 1);
  print('Invalid repeat count: it must be a positive integer.\n');
  return true;
}
