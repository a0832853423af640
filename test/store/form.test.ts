/** How a string came about is kept beside it: while its expiry changes, and when it moves. */
import { expect, it } from 'vitest';
import { FORM_CHANGED, FORM_TEXT, FORM_USUAL, TYPE_STRING } from '../../src/store/face.ts';
import type { SegmentedStore } from '../../src/store/store.ts';
import { bytesOf, NOW, put, remove, testStore } from './fixture.ts';

function formOf(store: SegmentedStore, key: string): number {
  const bytes = bytesOf(key);
  store.begin(NOW, false, false);
  expect(store.peek(0, bytes, 0, bytes.length)).toBe(true);
  expect(store.type).toBe(TYPE_STRING);
  const { form } = store;
  store.end();
  return form;
}

function changed(store: SegmentedStore, key: string, work: (key: Uint8Array) => boolean): void {
  store.begin(NOW, true, false);
  expect(work(bytesOf(key))).toBe(true);
  store.end();
}

const DIGIT = bytesOf('1');

it('is the usual one after set, and the changed one after setRange', () => {
  const store = testStore();
  put(store, 'k', '5');
  expect(formOf(store, 'k')).toBe(FORM_USUAL);
  changed(store, 'k', (key) => store.setRange(0, key, 0, 1, 1, DIGIT, 0, 1));
  expect(formOf(store, 'k')).toBe(FORM_CHANGED);
  put(store, 'k', '5');
  expect(formOf(store, 'k')).toBe(FORM_USUAL);
});

it.each([FORM_CHANGED, FORM_TEXT])('%i stays when the expiry changes', (form) => {
  const store = testStore();
  put(store, 'k', '5');
  changed(store, 'k', (key) => {
    const found = store.find(0, key, 0, 1);
    store.setForm(form);
    return found;
  });
  changed(store, 'k', (key) => store.setExpiry(0, key, 0, 1, NOW + 1000));
  expect(formOf(store, 'k')).toBe(form);
  changed(store, 'k', (key) => store.setExpiry(0, key, 0, 1, -1));
  expect(formOf(store, 'k')).toBe(form);
  expect(store.verify()).toEqual([]);
});

it('stays when the entry moves into a hole', () => {
  const store = testStore();
  for (let i = 0; i < 1000; i++) put(store, `key:${i}`, 'v'.repeat(100));
  changed(store, 'key:999', (key) => store.setRange(0, key, 0, 7, 0, DIGIT, 0, 1));
  for (let i = 0; i < 999; i++) remove(store, `key:${i}`);
  for (let i = 0; i < 100; i++) put(store, 'another', 'w'.repeat(i));
  expect(formOf(store, 'key:999')).toBe(FORM_CHANGED);
  expect(store.verify()).toEqual([]);
});
