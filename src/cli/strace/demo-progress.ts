/** What a client's thread of the demonstration is handed, and how it learns how far others are. */
import type { DemoScript } from './stories.ts';

export interface DemoClient {
  /** Its place among the clients, from 0. */
  readonly number: number;
  /** An IP address; a UNIX socket's path where the port is 0. */
  readonly host: string;
  readonly port: number;
  /** File that its calls are recorded into. */
  readonly recording: string;
  readonly script: DemoScript;
  /** Words: the first is ENDED when the demonstration is over, then each client's steps done. */
  readonly progress: SharedArrayBuffer;
}

export const ENDED = 1;
