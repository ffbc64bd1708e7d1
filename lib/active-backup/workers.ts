// How many workers the package may use: reading, and setting with the NAS's maximum as the limit.
import { type DsmSession } from '../dsm/types';
import { type CallOptions, invalidResponse, lookAfterLoss, read, write } from './calls';
import { ActiveBackupError } from './errors';
import { type Input, type methodParameters } from './inputs';
import { inTurn } from './lock';
import { countOf, positiveOf, readNumber, recordOf } from './readings';
import { type WorkerCounts } from './types';

/** Worker counts, and what setting them did. */
export interface WorkerChange extends WorkerCounts {
  changed: boolean;
  /** Those of the two that were asked above the NAS's maximum and set to it instead. */
  lowered: ('backupWorkers' | 'eventWorkers')[];
}

type WorkerWish = Input<(typeof methodParameters)['setWorkerCount']>;

/**
 * The counts; older packages may not tell the maxima.
 * @throws ActiveBackupError INVALID_RESPONSE where one of the two counts is missing
 */
function workerCountsOf(data: unknown): WorkerCounts {
  const record = recordOf(data) ?? {};
  const count = (name: string): number => {
    const number = countOf(readNumber(record[name]));
    if (number === null || !Number.isSafeInteger(number)) throw invalidResponse('get_worker_count', `holds no ${name}`);
    return number;
  };
  // A maximum of 0 would lower every wish to no workers at all.
  const maximum = (name: string): number | null => positiveOf(readNumber(record[name]));
  return {
    backupWorkers: count('backup_job_worker_count'),
    eventWorkers: count('event_worker_count'),
    maxBackupWorkers: maximum('max_backup_job_worker_count'),
    maxEventWorkers: maximum('max_event_worker_count'),
  };
}

/** Reads the worker counts. */
export async function readWorkerCounts(
  session: DsmSession,
  options: CallOptions,
): Promise<{ counts: WorkerCounts; raw: unknown }> {
  const { data } = await read(session, 'get_worker_count', {}, options);
  return { counts: workerCountsOf(data), raw: data };
}

/** @throws ActiveBackupError INVALID_INPUT where neither count was given */
export function checkWorkerWish(wish: WorkerWish): void {
  if (wish.backupWorkers !== undefined || wish.eventWorkers !== undefined) return;
  throw new ActiveBackupError('INVALID_INPUT', 'backupWorkers: missing; expected backupWorkers, eventWorkers or both', {
    outcome: 'not_sent',
  });
}

function isSame(left: WorkerCounts, right: Pick<WorkerCounts, 'backupWorkers' | 'eventWorkers'>): boolean {
  return left.backupWorkers === right.backupWorkers && left.eventWorkers === right.eventWorkers;
}

/**
 * Sets one or both counts; the other keeps what the NAS has. A number above the NAS's maximum is lowered to it, as the
 * documented client does: the maximum depends on the model, and one flow may serve several. Where the NAS tells none,
 * nothing is lowered.
 * @throws ActiveBackupError NOT_APPLIED where the NAS keeps other numbers
 */
export async function setWorkerCounts(
  session: DsmSession,
  wish: WorkerWish,
  options: CallOptions,
): Promise<{ answer: WorkerChange; raw: unknown }> {
  return inTurn(session, 'workers', options.signal, async () => {
    const { counts: before } = await readWorkerCounts(session, options);
    const wanted = {
      backupWorkers: Math.min(wish.backupWorkers ?? before.backupWorkers, before.maxBackupWorkers ?? Infinity),
      eventWorkers: Math.min(wish.eventWorkers ?? before.eventWorkers, before.maxEventWorkers ?? Infinity),
    };
    const lowered = (['backupWorkers', 'eventWorkers'] as const).filter((name) => (wish[name] ?? 0) > wanted[name]);
    if (isSame(before, wanted)) return { answer: { ...before, changed: false, lowered }, raw: null };
    const params = {
      backup_job_worker_count: wanted.backupWorkers,
      event_worker_count: wanted.eventWorkers,
    };
    const { lost, data } = await write(session, 'update_worker_count', params, options);
    const what = 'Setting the workers';
    const { counts: after } = await lookAfterLoss(what, lost, () => readWorkerCounts(session, options));
    if (!isSame(after, wanted)) {
      const answer =
        lost === null ? 'the NAS accepted it' : `the NAS did not say whether it was carried out (${lost.code})`;
      throw new ActiveBackupError(
        'NOT_APPLIED',
        `${what}: ${answer}, and keeps backupWorkers ${String(after.backupWorkers)} and eventWorkers ` +
          `${String(after.eventWorkers)}; asked was ${String(wanted.backupWorkers)} and ${String(wanted.eventWorkers)}`,
        { outcome: lost === null ? 'refused' : 'unknown' },
      );
    }
    return { answer: { ...after, changed: true, lowered }, raw: data };
  });
}
