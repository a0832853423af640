/**
 * `SET key value` whose value has been received straight into its place in the store. For whoever
 * counts, limits or logs commands it is a SET like any other; only its last step is another one.
 */
import { NO_EXPIRY } from '../store/face.ts';
import type { Call, Command } from './call.ts';
import { OUT_OF_MEMORY } from './errors.ts';
import { TABLE } from './table.ts';

/** A plain SET: the name, the key and the value. */
export const STAGED_ARGUMENTS = 3;

export class StagedSet {
  /** SET's own row, but for its handler. */
  readonly command: Command;
  /** Of the value that the next run is about; 0 once it has been used up. */
  ticket = 0;

  constructor() {
    this.command = { ...TABLE.named('set')!, handler: (call) => this.#commit(call) };
  }

  #commit({ client, reply, store }: Call): void {
    const { ticket } = this;
    this.ticket = 0;
    if (store.large.commit(client.database, ticket, NO_EXPIRY)) reply.ok();
    else reply.error(OUT_OF_MEMORY);
  }
}
