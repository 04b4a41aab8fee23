/** Lines that came too early, until those before them are there. */

import { byteLength } from './messages';

/** Consecutive lines, without line feeds. */
export type Run = { readonly first_seq: number; readonly lines: readonly string[] };

/** So many lines, and bytes of them together, wait for those before them. */
export type Room = { readonly waiting_lines: number; readonly waiting_bytes: number };

/** What is known of one writer's lines beyond those that were applied. */
export class Waiting {
  /** Whose lines they are. */
  writer: number | null = null;
  /** The last line that this writer is known to have. */
  head = 0;
  private runs: Run[] = [];
  private lines = 0;
  private bytes = 0;

  constructor(private readonly room: Room) {}

  /** Begin with this writer, unless it is the one already. */
  of(writer: number): void {
    if (writer === this.writer) return;
    this.writer = writer;
    this.head = 0;
    this.clear();
  }

  /** Drop all lines; that they exist is not forgotten. */
  clear(): void {
    this.runs = [];
    this.lines = 0;
    this.bytes = 0;
  }

  /** The writer is known to have this line. */
  reaches(head: number): void {
    this.head = Math.max(this.head, head);
  }

  /** Keep lines; where there are too many, all are dropped, and so a hole to ask for. */
  put(run: Run): void {
    if (run.lines.length === 0) return;
    const place = this.runs.findLastIndex((other) => other.first_seq <= run.first_seq) + 1;
    this.runs.splice(place, 0, run);
    this.lines += run.lines.length;
    this.bytes += size(run);
    if (this.lines > this.room.waiting_lines || this.bytes > this.room.waiting_bytes) this.clear();
  }

  /** The first lines, unless there is a hole before them. */
  take(next_seq: number): Run | null {
    const run = this.runs[0];
    if (run === undefined || run.first_seq > next_seq) return null;
    this.runs.shift();
    this.lines -= run.lines.length;
    this.bytes -= size(run);
    return run;
  }
}

function size(run: Run): number {
  return run.lines.reduce((sum, line) => sum + byteLength(line), 0);
}
