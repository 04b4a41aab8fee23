/** Turns JSON of unknown shape into one type, or says which field is damaged and why. */

/** A line or snapshot of a known kind with the wrong shape: the log is damaged, read no further. */
export class DamagedLine extends Error {
  override readonly name = 'DamagedLine';

  constructor(
    readonly field: string,
    readonly expected: string,
    readonly came: string,
  ) {
    super(`${field}: expected ${expected}, came ${came}`);
  }
}

/** Checks a value and gives it its type; `field` is where it stands, for the error. */
export type Reader<T> = (value: unknown, field: string) => T;

type Optional<T> = { readonly optional: Reader<T> };

/** One reader for each field of T, in the schema's order; a field T may lack is `optional`. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? Optional<Exclude<T[K], undefined>>
    : Reader<T[K]>;
};

type JsonObject = Readonly<Record<string, unknown>>;

const SHOWN = 80;

export function damaged(field: string, expected: string, value: unknown): never {
  const came = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  throw new DamagedLine(field, expected, came.length > SHOWN ? `${came.slice(0, SHOWN)}…` : came);
}

export const object: Reader<JsonObject> = (value, field) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : damaged(field, 'an object', value);

/** The value of a field the object has itself: a name such as `constructor` finds nothing. */
export function own(value: JsonObject, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

export function optional<T>(reader: Reader<T>): Optional<T> {
  return { optional: reader };
}

/** An object with these fields and no others: what the schema does not name is left behind. */
export function record<T extends object>(fields: Fields<T>): Reader<T> {
  const readers = Object.entries<Reader<unknown> | Optional<unknown>>(fields);
  return (value, field) => {
    const source = object(value, field);
    const result: [string, unknown][] = [];
    for (const [name, reader] of readers) {
      const found = own(source, name);
      const where = within(field, name);
      if (typeof reader === 'function') result.push([name, reader(found, where)]);
      else if (found !== undefined) result.push([name, reader.optional(found, where)]);
    }
    return Object.fromEntries(result) as T;
  };
}

/** An object whose keys come from the feed, which is why it becomes a Map. */
export function map<T>(key: Reader<string>, reader: Reader<T>): Reader<Map<string, T>> {
  return (value, field) =>
    new Map(
      Object.entries(object(value, field)).map(([name, item]) => [
        key(name, `a key of ${field}`),
        reader(item, within(field, name)),
      ]),
    );
}

export function list<T>(reader: Reader<T>): Reader<T[]> {
  return (value, field) =>
    Array.isArray(value)
      ? value.map((item: unknown, place) => reader(item, `${field}[${place}]`))
      : damaged(field, 'a list', value);
}

export function pair<A, B>(first: Reader<A>, second: Reader<B>): Reader<readonly [A, B]> {
  return (value, field) =>
    Array.isArray(value) && value.length === 2
      ? [first(value[0], `${field}[0]`), second(value[1], `${field}[1]`)]
      : damaged(field, 'a list of two', value);
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, field) => (value === null ? null : reader(value, field));
}

/** A list or object that says something: writers leave an empty one out. */
export function filled<T extends { readonly size: number } | { readonly length: number }>(
  reader: Reader<T>,
): Reader<T> {
  return (value, field) => {
    const result = reader(value, field);
    const size = 'size' in result ? result.size : result.length;
    return size > 0 ? result : damaged(field, 'something in it', value);
  };
}

export function oneOf<const T extends string>(words: readonly T[]): Reader<T> {
  return (value, field) =>
    words.find((word) => word === value) ?? damaged(field, `one of ${words.join(' ')}`, value);
}

export function matching(pattern: RegExp, ...refused: readonly string[]): Reader<string> {
  return (value, field) =>
    typeof value === 'string' && pattern.test(value) && !refused.includes(value)
      ? value
      : damaged(field, `a name like ${pattern.source}`, value);
}

const LONE_SURROGATE = /\p{Cs}/u;

/** Half a surrogate pair has no UTF-8, so no two readers would agree on the hash of its state. */
export const text: Reader<string> = (value, field) =>
  typeof value === 'string' && !LONE_SURROGATE.test(value)
    ? value
    : damaged(field, 'a text', value);

export const flag: Reader<boolean> = (value, field) =>
  typeof value === 'boolean' ? value : damaged(field, 'true or false', value);

export const integer: Reader<number> = (value, field) =>
  typeof value === 'number' && Number.isSafeInteger(value)
    ? value
    : damaged(field, 'an integer', value);

export function integerFrom(least: number): Reader<number> {
  return (value, field) => {
    const number = integer(value, field);
    return number >= least ? number : damaged(field, `an integer from ${least}`, value);
  };
}

/** Past four decimals, languages write the same number in different ways. */
export const number: Reader<number> = (value, field) =>
  typeof value === 'number' && (Number.isSafeInteger(value) || isShortFraction(value))
    ? value
    : damaged(field, 'an integer or a number of at most 4 decimals', value);

function isShortFraction(value: number): boolean {
  return Math.abs(value) < 1e9 && Number(value.toFixed(4)) === value;
}

function within(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
