/** Who writes the session: the newest writer that was heard of late. */

/** A writer that was not heard for so long is gone, or cut off. */
export const SILENT_S = 15;

export class Heard {
  private readonly at = new Map<number, number>();

  /** A writer said something. */
  note(writer: number, now: number): void {
    this.at.set(writer, now);
  }

  /** The newest that is not silent: one that died young must not hide an older one. */
  newest(now: number): number | null {
    let newest: number | null = null;
    for (const [writer, at] of this.at) {
      if (now - at >= SILENT_S) this.at.delete(writer);
      else if (newest === null || writer > newest) newest = writer;
    }
    return newest;
  }
}
