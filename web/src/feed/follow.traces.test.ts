/** Traces of the Python follower: told the same, its twin asks for the same and shows the same. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Ask } from './asking';
import { Follower, type Limits } from './follow';
import { stateHash } from './hash.testing';
import { readAnswer, readMessage, readSnapshot } from './messages';
import { canonical } from './state';

type Input =
  | readonly ['subscribed' | 'lost' | 'tick']
  | readonly ['message', args: unknown]
  | readonly ['events' | 'snapshot', attempt: number, text: string]
  | readonly ['failed', attempt: number];

type Out = {
  readonly ask: readonly [attempt: number, from_seq: number | null, limit: number] | null;
  readonly wake_at: number | null;
  readonly place: readonly [writer: number | null, seq: number];
  readonly sight: string;
  readonly clock: readonly (number | null)[] | null;
  readonly hash?: string | null;
};

type Step = {
  readonly at: number;
  readonly in: Input;
  readonly draws: readonly number[];
  readonly out: Out;
};

type Trace = {
  readonly name: string;
  readonly session: string;
  readonly limits: Limits;
  readonly steps: readonly Step[];
  readonly end: string | null;
};

const FOLDER =
  process.env.VECTORS ?? fileURLToPath(new URL('../../../tests/traces', import.meta.url));

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));

class Replay {
  private readonly asks = new Map<number, Ask>();
  private readonly follower: Follower;
  private draws: number[] = [];

  constructor(private readonly trace: Trace) {
    const { session, limits } = trace;
    this.follower = new Follower(session, () => this.draw(), undefined, limits);
  }

  run(): void {
    for (const [index, step] of this.trace.steps.entries()) {
      this.draws = [...step.draws];
      const ask = this.tell(step);
      if (ask) this.asks.set(ask.attempt, ask);
      const where = `${this.trace.name}, step ${index + 1}, ${JSON.stringify(step.in)}`;
      expect(this.draws, `numbers that were not drawn in ${where}`).toEqual([]);
      same(this.out(ask, step), step.out, where);
    }
    const { state } = this.follower;
    same(state && canonical(state), this.trace.end, `the end of ${this.trace.name}`);
  }

  private draw(): number {
    return this.draws.shift() ?? expect.fail(`${this.trace.name}: one number drawn too many`);
  }

  private tell({ at, in: input }: Step): Ask | null {
    switch (input[0]) {
      case 'subscribed':
        return this.follower.subscribed(at);
      case 'lost':
        this.follower.lost();
        return null;
      case 'tick':
        return this.follower.tick(at);
      case 'message':
        return this.follower.message(there(readMessage(input[1])), at);
      case 'events':
        return this.follower.answered(this.asked(input[1]), there(readAnswer(input[2])), at);
      case 'snapshot':
        return this.follower.answered(this.asked(input[1]), there(readSnapshot(input[2])), at);
      case 'failed':
        this.follower.failed(this.asked(input[1]), at);
        return null;
    }
  }

  /** The call itself; one that another follower made where it is not known here. */
  private asked(attempt: number): Ask {
    return this.asks.get(attempt) ?? { attempt, from_seq: null, limit: 0 };
  }

  private out(ask: Ask | null, { at, out }: Step): Out {
    const { writer, seq, state, clock, wakeAt } = this.follower;
    return {
      ask: ask && [ask.attempt, ask.from_seq, ask.limit],
      wake_at: wakeAt,
      place: [writer, seq],
      sight: this.follower.sight(at),
      clock: clock && [clock.writer, clock.now, clock.seen_at, clock.heard_at],
      ...('hash' in out && { hash: state && stateHash(state) }),
    };
  }
}

function there<T>(read: T | undefined): T {
  return read ?? expect.fail('a message that Python wrote cannot be read');
}

/** As text: a hundred thousand comparisons field by field would take most of the time. */
function same(came: unknown, expected: unknown, where: string): void {
  if (JSON.stringify(came) !== JSON.stringify(expected)) expect(came, where).toEqual(expected);
}

test('the folder of traces holds traces', () => {
  expect(files, `trace files in ${FOLDER}`).not.toEqual([]);
});

for (const file of files) {
  test(`trace file ${file}`, { timeout: 120_000 }, () => {
    const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n').filter(Boolean);
    for (const line of lines) new Replay(JSON.parse(line)).run();
  });
}
