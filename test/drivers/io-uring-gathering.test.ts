import { describe, expect, test } from 'vitest';
import { Gathering } from '../../src/drivers/io-uring/gathering.ts';

/** Turns in each of which the next `count` of these clients are heard of. */
function serve(gathering: Gathering, clients: number, turns: number, count: number): void {
  for (let turn = 0; turn < turns; turn++) {
    for (let i = 0; i < count; i++) gathering.received((turn * count + i) % clients);
    gathering.turned(count);
  }
}

/** Turns that bring what was asked for, as they do where there is always more to come. */
function serveBusily(gathering: Gathering, clients: number, turns: number): void {
  let next = 0;
  for (let turn = 0; turn < turns; turn++) {
    const count = Math.max(gathering.wanted, 2);
    for (let i = 0; i < count; i++) gathering.received(next++ % clients);
    gathering.turned(count);
  }
}

describe('Gathering', () => {
  test('does not keep a lone client waiting', () => {
    const gathering = new Gathering();
    serve(gathering, 1, 1000, 1);
    expect(gathering.wanted).toBe(1);
  });

  test('does not keep many clients waiting that come one at a time', () => {
    const gathering = new Gathering();
    serve(gathering, 1000, 1000, 1);
    expect(gathering.wanted).toBe(1);
  });

  test('of two busy clients, waits for no second one', () => {
    const gathering = new Gathering();
    serve(gathering, 2, 1000, 2);
    expect(gathering.wanted).toBe(1);
  });

  test('waits for half of fifty busy clients', () => {
    const gathering = new Gathering();
    serveBusily(gathering, 50, 1000);
    expect(gathering.wanted).toBe(25);
  });

  test('counts the busy clients alone, whatever their descriptors are', () => {
    const gathering = new Gathering();
    for (let turn = 0; turn < 1000; turn++) {
      for (let client = 0; client < 10; client++) gathering.received(client * 5000);
      gathering.turned(10);
    }
    expect(gathering.wanted).toBe(5);
  });

  test('asks for fewer when the time was up first, and soon for one when nobody comes', () => {
    const gathering = new Gathering();
    serveBusily(gathering, 50, 1000);
    gathering.turned(5);
    expect(gathering.wanted).toBe(15);
    for (let turn = 0; turn < 4; turn++) gathering.turned(1);
    expect(gathering.wanted).toBe(1);
  });
});
