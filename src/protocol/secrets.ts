/** Which words of a request are passwords: they are in no log, no trace and no history. */

/** Behind which word of a command everything is secret. */
const SECRET_AFTER: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['HELLO', new Set(['AUTH'])],
  ['MIGRATE', new Set(['AUTH', 'AUTH2'])],
  ['CONFIG', new Set(['REQUIREPASS', 'MASTERAUTH', 'MASTERUSER'])],
  ['ACL', new Set(['SETUSER'])],
]);

/** Is told the words of a request, one by one, and knows whether the next one is secret. */
export class SecretWords {
  /** What comes now is secret, to the end of the request. */
  hides = false;
  #count = 0;
  #signs: ReadonlySet<string> | undefined = undefined;

  /** A request begins. */
  clear(): void {
    this.hides = false;
    this.#count = 0;
    this.#signs = undefined;
  }

  /** Nothing in this request is going to be secret. */
  get isPlain(): boolean {
    return this.#count > 0 && !this.hides && this.#signs === undefined;
  }

  push(word: string): void {
    const name = word.toUpperCase();
    if (this.#count++ === 0) {
      this.hides = name === 'AUTH';
      this.#signs = SECRET_AFTER.get(name);
    } else if (this.#signs?.has(name) === true) {
      this.hides = true;
    }
  }
}

/** The number of the first secret word; as many as there are where none is. */
export function firstSecret(words: readonly string[]): number {
  const secrets = new SecretWords();
  for (let i = 0; i < words.length; i++) {
    if (secrets.hides) return i;
    secrets.push(words[i]);
  }
  return words.length;
}
