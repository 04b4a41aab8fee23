/** The connection to the router, which comes and goes; what is subscribed to outlives it. */

import { type ReadonlySignal, signal } from '@preact/signals';
import { Wampy } from 'wampy';
import type { Cancel, World } from '../world';
import { NOT_JOINED, TIMEOUT } from './names';

/** `connecting` for the first moments without a router, then `offline`. */
export type Status = 'connecting' | 'online' | 'offline';

/** So long a call waits for its answer, and a connection for its welcome. */
export const LIMIT_MS = 5_000;
/** After so much silence we ask the router for a sign of life: browsers do not see its pings. */
export const QUIET_MS = 10_000;

export type Address = {
  readonly url: string;
  readonly realm: string;
  /** A procedure that is asked for nothing but a sign of life; an error is one too. */
  readonly probe: string;
};

/** A call got no answer: ask again later. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';

  /** `error` is its name on the wire; TIMEOUT and NOT_JOINED are never on it. */
  constructor(
    readonly procedure: string,
    readonly error: string,
  ) {
    super(`${procedure}: ${error}`);
  }
}

export type Listener = {
  readonly topic: string;
  readonly heard: (args: readonly unknown[]) => void;
  /** Told each time that the subscription was made, before anything is heard on it. */
  readonly subscribed: () => void;
};

/** Without `match`, wampy sends an option that is undefined. */
const SUBSCRIPTION = { match: 'exact', get_retained: true } as const;

/**
 * Wampy 8.0.2 knows a subscription by its topic and options, and forgets it by its topic alone: it
 * finds none then and throws where nobody can catch it.
 */
const KNOWN_BY_TOPIC = { _getSubscriptionKey: (topic: string): string => topic };

/** Half a second, doubling to five, and at random the half of that: routers return to a crowd. */
export function backoff(failures: number, random: number): number {
  return Math.min(5_000, 500 * 2 ** failures) * (0.5 + 0.5 * random);
}

/**
 * Wampy connects anew by itself, but not at first, nor after a router's goodbye, and it loses the
 * subscriptions it was renewing when the router goes again: so each attempt has a client of its own.
 */
export class Connection {
  readonly status: ReadonlySignal<Status>;
  readonly #status = signal<Status>('connecting');
  readonly #listeners = new Set<Listener>();
  #client: Wampy | null = null;
  #failures = 0;
  #heardAt = 0;
  #onlineAt: number | null = null;
  #next: Cancel = () => {};

  constructor(
    private readonly address: Address,
    private readonly world: World,
  ) {
    this.status = this.#status;
  }

  open(): void {
    const client: Wampy = new Wampy(this.address.url, {
      realm: this.address.realm,
      autoReconnect: false,
      uriValidation: 'loose',
      ws: this.world.socket as never,
      onClose: () => this.#lose(client),
      onError: () => this.#lose(client),
    });
    Object.assign(client, KNOWN_BY_TOPIC);
    this.#client = client;
    this.#next = this.world.after(LIMIT_MS, () => this.#lose(client));
    client.connect().then(
      () => this.#join(client),
      () => this.#lose(client),
    );
  }

  close(): void {
    this.#next();
    const client = this.#client;
    this.#client = null;
    client?.disconnect().catch(() => {});
  }

  /** Hears a topic, and after each join its retained event, until it is cancelled. */
  subscribe(listener: Listener): Cancel {
    this.#listeners.add(listener);
    const client = this.#client;
    if (client && this.#status.value === 'online') this.#listen(client, listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#client) this.#unsubscribe(this.#client, listener.topic);
    };
  }

  /** The first result of a procedure; throws CallFailed after LIMIT_MS at the latest. */
  async call(procedure: string, args: readonly unknown[] = []): Promise<unknown> {
    const client = this.#client;
    if (!client || this.#status.value !== 'online') throw new CallFailed(procedure, NOT_JOINED);
    const sentAt = this.world.now();
    try {
      const { argsList } = await this.#limited(client.call(procedure, [...args]));
      this.#hear(client);
      return argsList?.[0];
    } catch (error) {
      const name = nameOf(error);
      if (name !== TIMEOUT) this.#hear(client);
      else if (this.#heardAt <= sentAt) this.#lose(client);
      throw new CallFailed(procedure, name);
    }
  }

  #join(client: Wampy): void {
    if (client !== this.#client) return;
    this.#next();
    this.#onlineAt = this.world.now();
    this.#hear(client);
    this.#status.value = 'online';
    for (const listener of [...this.#listeners]) this.#listen(client, listener);
    this.#watch(client);
  }

  #lose(client: Wampy): void {
    if (client !== this.#client) return;
    this.#client = null;
    this.#next();
    const lasted = this.#onlineAt !== null && this.world.now() - this.#onlineAt >= LIMIT_MS;
    this.#status.value = this.#onlineAt === null ? 'offline' : 'connecting';
    this.#onlineAt = null;
    const wait = backoff(lasted ? 0 : this.#failures, this.world.random());
    this.#failures = lasted ? 1 : this.#failures + 1;
    this.#next = this.world.after(wait, () => this.open());
    abandon(client);
  }

  #hear(client: Wampy): void {
    if (client === this.#client) this.#heardAt = this.world.now();
  }

  #watch(client: Wampy): void {
    const left = this.#heardAt + QUIET_MS - this.world.now();
    this.#next = this.world.after(Math.max(left, 0), () => {
      if (this.world.now() - this.#heardAt < QUIET_MS) this.#watch(client);
      else this.#probe(client);
    });
  }

  #probe(client: Wampy): void {
    const goOn = () => {
      if (client === this.#client) this.#watch(client);
    };
    this.call(this.address.probe).then(goOn, goOn);
  }

  #listen(client: Wampy, listener: Listener): void {
    const take = ({ argsList }: { argsList?: unknown[] }) => {
      this.#hear(client);
      if (this.#wants(client, listener)) listener.heard(argsList ?? []);
    };
    this.#limited(client.subscribe(listener.topic, take, SUBSCRIPTION)).then(
      () => this.#listening(client, listener),
      () => this.world.after(LIMIT_MS, () => this.#listenAgain(client, listener)),
    );
  }

  #listening(client: Wampy, listener: Listener): void {
    this.#hear(client);
    if (this.#wants(client, listener)) listener.subscribed();
    else this.#unsubscribe(client, listener.topic);
  }

  #listenAgain(client: Wampy, listener: Listener): void {
    if (this.#wants(client, listener)) this.#listen(client, listener);
  }

  #wants(client: Wampy, listener: Listener): boolean {
    return client === this.#client && this.#listeners.has(listener);
  }

  #unsubscribe(client: Wampy, topic: string): void {
    if (client !== this.#client) return;
    if ([...this.#listeners].some((listener) => listener.topic === topic)) return;
    client.unsubscribe(topic).catch(() => {});
  }

  #limited<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.world.after(LIMIT_MS, () => reject(new CallFailed('', TIMEOUT)));
      answer.then(resolve, reject).finally(cancel);
    });
  }
}

function nameOf(error: unknown): string {
  if (error instanceof CallFailed) return error.error;
  const { errorUri } = error as { errorUri?: unknown };
  return typeof errorUri === 'string' ? errorUri : NOT_JOINED;
}

/** A socket that nobody answers on would wait for a goodbye for minutes. */
function abandon(client: Wampy): void {
  try {
    client.abort();
  } catch {
    // It was closed already.
  }
}
