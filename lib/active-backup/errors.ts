// The errors that belong to Active Backup itself and to what was asked of it.
import { CodedError } from '../dsm/errors';

/** Refusals and findings of this package's own, beside those of `lib/dsm`. */
export type ActiveBackupErrorCode =
  | 'TASK_NOT_FOUND'
  | 'TASK_RUNNING'
  | 'INVALID_INPUT'
  | 'NOT_CONFIRMED'
  | 'READ_ONLY'
  /** Written, read back, and not so. */
  | 'NOT_APPLIED'
  /** A write's answer was lost and the state does not tell whether it was carried out. */
  | 'OUTCOME_UNKNOWN'
  | 'NOT_CONFIGURED'
  | 'INVALID_RESPONSE';

/** An error of meaning: the NAS was reachable (or not asked at all), and this is why the wish was not carried out. */
export class ActiveBackupError extends CodedError<ActiveBackupErrorCode> {
  override readonly name = 'ActiveBackupError';
}
