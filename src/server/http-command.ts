/** A plan for a key as the command that does it, in a request of its own. */
import type { Command } from '../commands/call.ts';
import { TABLE } from '../commands/table.ts';
import { WordWriter } from '../commands/word-writer.ts';
import type { Arguments } from '../protocol/arguments.ts';
import type { HttpBody } from '../protocol/http/body.ts';
import { type HttpPlan, storesBody } from './http-routes.ts';
import type { StagedValue } from './staged-value.ts';

const GET = TABLE.named('get')!;
const SET = TABLE.named('set')!;
const DEL = TABLE.named('del')!;

/** The command that a plan asks for. */
export function commandOf({ method }: HttpPlan): Command {
  if (storesBody(method)) return SET;
  return method === 'DELETE' ? DEL : GET;
}

/** Writes requests, one at a time: the arguments hold until the next one is written. */
export class HttpCommandWriter {
  readonly #words = new WordWriter();

  /** `staged` instead of `body` where the value has been received into its place. */
  write(plan: HttpPlan, body: HttpBody, staged: StagedValue | undefined): Arguments {
    const words = this.#words;
    words.clear();
    words.addText(commandOf(plan).name);
    words.add(plan.key, 0, plan.key.length);
    if (!storesBody(plan.method)) return words.args;
    if (staged === undefined) words.add(body.bytes, body.start, body.end);
    else staged.passTo(words.args, words.addBeginning(staged.shownBytes, staged.lengthBytes));
    if (plan.ttlSeconds > 0) {
      words.addText('EX');
      words.addText(String(plan.ttlSeconds));
    }
    return words.args;
  }
}
