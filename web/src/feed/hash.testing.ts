/** The state hash, which only tests need: the browser trusts the service for it. */

import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical, type State } from './state';

export function stateHash(state: State): string {
  return bytesToHex(blake2b(utf8ToBytes(canonical(state)), { dkLen: 16 }));
}
