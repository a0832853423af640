/**
 * What a server of RESP answers, with the types of RESP2 and RESP3. Numbers stay as they were sent.
 */

export type Value =
  | { readonly kind: 'status' | 'error' | 'string' | 'verbatim'; readonly bytes: Uint8Array }
  | { readonly kind: 'integer' | 'double' | 'big number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'nil' }
  | { readonly kind: 'array' | 'set' | 'push'; readonly items: readonly Value[] }
  /** Keys and values in turn. */
  | { readonly kind: 'map'; readonly items: readonly Value[] };

/** A string, status, verbatim or error as text (UTF-8); '' for the other kinds. */
export function textOf(value: Value | undefined): string {
  return value !== undefined && 'bytes' in value ? decoder.decode(value.bytes) : '';
}

/** The elements of an aggregate, those of a map in pairs; none for the other kinds. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  return value !== undefined && 'items' in value ? value.items : [];
}

/**
 * What stands behind a name in a map, or in RESP2's array in its place.
 * @returns undefined where there is no such name.
 */
export function fieldOf(value: Value | undefined, name: string): Value | undefined {
  const items = itemsOf(value);
  for (let i = 0; i + 1 < items.length; i += 2) {
    if (textOf(items[i]) === name) return items[i + 1];
  }
  return undefined;
}

const decoder = new TextDecoder();
