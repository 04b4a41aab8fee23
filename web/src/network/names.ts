/** The names of the wire that a viewer needs; made by `python -m livetiming.network.names_ts`. */

export const REALM = 'timing';
export const ANONYMOUS = 'anonymous';
export const PUBLIC = 'livetiming.public.';
export const RPC = 'livetiming.rpc.';
export const PUBLIC_DIRECTORY = 'livetiming.public.directory';
export const LIST = 'livetiming.rpc.directory.list';
export const SESSIONS = 'livetiming.rpc.session.';
export const UNKNOWN_SESSION = 'livetiming.error.unknown_session';
export const BAD_ARGUMENT = 'livetiming.error.bad_argument';
export const BUSY = 'livetiming.error.busy';
export const NO_ANALYSIS = 'livetiming.error.no_analysis';
export const NO_SUCH_PROCEDURE = 'wamp.error.no_such_procedure';
export const TIMEOUT = 'livetiming.error.timeout';
export const NOT_JOINED = 'livetiming.error.not_joined';

export function analysisProcedure(session: string): string {
  return `livetiming.rpc.session.${session}.analysis`;
}

export function analysisTopic(session: string): string {
  return `livetiming.public.session.${session}.analysis`;
}

export function eventsProcedure(session: string): string {
  return `livetiming.rpc.session.${session}.events`;
}

export function eventsTopic(session: string): string {
  return `livetiming.public.session.${session}.events`;
}

export function snapshotProcedure(session: string): string {
  return `livetiming.rpc.session.${session}.snapshot`;
}
