/** A router in memory that speaks as much WAMP as a viewer hears, and can be cut off. */

const [HELLO, WELCOME, GOODBYE, ERROR] = [1, 2, 6, 8];
const [SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE, UNSUBSCRIBED, EVENT] = [32, 33, 34, 35, 36];
const [CALL, RESULT] = [48, 50];

type Message = readonly unknown[];

export class MemoryRouter {
  /** Whether it takes connections. */
  up = true;
  /** A router that nobody hears, though nobody closed the connection. */
  mute = false;
  /** Topics that it refuses the next subscription to. */
  readonly refused = new Set<string>();
  readonly answers = new Map<string, (args: readonly unknown[]) => unknown>();
  /** What was asked of it, as `subscribe topic` or `call procedure`. */
  readonly asked: string[] = [];
  readonly sockets = new Set<MemorySocket>();
  readonly #topics: string[] = [];

  /** For the world of a test. */
  get socket(): typeof WebSocket {
    const router = this;
    return class extends MemorySocket {
      constructor() {
        super(router);
      }
    } as unknown as typeof WebSocket;
  }

  /** Everybody's connection breaks. */
  cut(): void {
    for (const socket of [...this.sockets]) socket.die();
  }

  /** It stops in good order. */
  sayGoodbye(): void {
    for (const socket of [...this.sockets])
      socket.tell([GOODBYE, {}, 'wamp.close.system_shutdown']);
  }

  publish(topic: string, ...args: readonly unknown[]): void {
    const id = this.#idOf(topic);
    for (const socket of this.sockets) {
      if (socket.topics.has(id)) socket.tell([EVENT, id, 1, {}, args]);
    }
  }

  isHeard(topic: string): boolean {
    return [...this.sockets].some(({ topics }) => topics.has(this.#idOf(topic)));
  }

  take(socket: MemorySocket, [type, request, options, uri, args]: Message): void {
    if (this.mute) return;
    if (type === HELLO) socket.tell([WELCOME, 1, { roles: { broker: {}, dealer: {} } }]);
    else if (type === SUBSCRIBE) this.#subscribe(socket, request, String(uri));
    else if (type === UNSUBSCRIBE) this.#unsubscribe(socket, request, options);
    else if (type === CALL) this.#call(socket, request, String(uri), (args ?? []) as Message);
    else if (type === GOODBYE) socket.die();
  }

  #subscribe(socket: MemorySocket, request: unknown, topic: string): void {
    this.asked.push(`subscribe ${topic}`);
    if (this.refused.delete(topic)) {
      socket.tell([ERROR, SUBSCRIBE, request, {}, 'wamp.error.not_authorized']);
      return;
    }
    socket.topics.add(this.#idOf(topic));
    socket.tell([SUBSCRIBED, request, this.#idOf(topic)]);
  }

  #unsubscribe(socket: MemorySocket, request: unknown, id: unknown): void {
    socket.topics.delete(Number(id));
    socket.tell([UNSUBSCRIBED, request]);
  }

  #call(socket: MemorySocket, request: unknown, procedure: string, args: Message): void {
    this.asked.push(`call ${procedure}`);
    const answer = this.answers.get(procedure);
    if (!answer) socket.tell([ERROR, CALL, request, {}, 'wamp.error.no_such_procedure']);
    else {
      const result = answer(args);
      if (result !== undefined) socket.tell([RESULT, request, {}, [result]]);
    }
  }

  #idOf(topic: string): number {
    if (!this.#topics.includes(topic)) this.#topics.push(topic);
    return this.#topics.indexOf(topic) + 1;
  }
}

class MemorySocket {
  readyState = 0;
  readonly protocol = 'wamp.2.json';
  readonly topics = new Set<number>();
  onopen: () => unknown = () => {};
  onclose: (event: unknown) => unknown = () => {};
  onmessage: (event: { data: string }) => unknown = () => {};
  onerror: (error: unknown) => unknown = () => {};

  constructor(private readonly router: MemoryRouter) {
    router.sockets.add(this);
    queueMicrotask(() => {
      if (!router.up) this.fail();
      else if (!router.mute) this.open();
    });
  }

  send(text: string): void {
    this.router.take(this, JSON.parse(text));
  }

  close(): void {
    if (!this.router.mute) this.die();
  }

  tell(message: Message): void {
    if (this.readyState === 1)
      queueMicrotask(() => this.onmessage({ data: JSON.stringify(message) }));
  }

  die(): void {
    this.router.sockets.delete(this);
    if (this.readyState === 3) return;
    this.readyState = 3;
    queueMicrotask(() => this.onclose({}));
  }

  private open(): void {
    this.readyState = 1;
    this.onopen();
  }

  private fail(): void {
    this.onerror(new Error('refused'));
    this.die();
  }
}
