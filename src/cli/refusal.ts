/** What was asked for can't be had here, which is said in a sentence and by a status of its own. */
export class Refusal extends Error {
  readonly status = 2;
}
