// The order of evidence once more, written from its words and straight on the raw answer, to judge the judge.
import { type HistoryRun } from '../../../../lib/active-backup/types';
import { type Json } from './support';

const serviceNames = 'archive_mail calendar contact drive group_calendar group_mail mail mysite site teams'.split(' ');

type Value = number | undefined | 'garbage';

function value(given: unknown): Value {
  if (given === undefined || given === null || given === 4294967295 || given === '4294967295') return undefined;
  if (typeof given === 'string') return /^-?[0-9]+(\.[0-9]+)?$/.test(given) ? Number(given) : 'garbage';
  return typeof given === 'number' ? given : 'garbage';
}

function isOff(given: unknown): boolean {
  return given === false || given === 'false' || value(given) === 0;
}

/** Whether the task runs: then nothing is known of its last run without a memory and a history of it. */
export function oracleRunning(task: Json): boolean {
  const job = value(task.job_id);
  const list = task.progress_list;
  return value(task.status) === 4 || (Array.isArray(list) && list.length > 0) || (typeof job === 'number' && job !== 0);
}

/** The result of a run of which only the history's row is known. */
function rowResult(row: HistoryRun, events: readonly Json[]): string {
  if (row.codes.status === 7) return 'canceled';
  const own = events.filter((event) => event.task_id === row.taskId && event.task_execution_id === row.runId);
  const told = own.map((event) => value(event.log_type));
  if (row.codes.status === 6 || told.some((type) => typeof type === 'number' && type !== 0)) return 'partial';
  if (row.resultBasis === 'unexplained' || told.includes('garbage')) return 'unexplained';
  return row.codes.status === 1 ? 'success' : 'unknown';
}

/** What is shown of an idle task; `known` is the only row of the history. */
export function oracleShown(task: Json, events: readonly Json[], known: HistoryRun | null): string {
  const run = value(task.task_execution_id);
  const date = value(task.last_execution_time);
  const isAbove = (each: Value): boolean => typeof each === 'number' && each > 0;
  const said = oracleResult(task, events, known !== null && run === known.runId ? known : null);
  // A list that shows no run and says nothing bad leaves the last known run as it is.
  const saysNothing = !isAbove(run) && !isAbove(date) && (said === 'never' || said === 'unknown');
  return known !== null && saysNothing ? rowResult(known, events) : said;
}

/** The result of an idle task's last run; `row` is the history's row for it. */
function oracleResult(task: Json, events: readonly Json[], row: HistoryRun | null): string {
  const all = (prefix: string): Value[] => serviceNames.map((name) => value(task[`${prefix}_${name}`]));
  const errors = all('error');
  const warnings = all('warning');
  const processed = all('processed');
  const states = serviceNames
    .filter((name) => !isOff(task[`enable_${name}`]))
    .map((name) => value(task[`status_${name}`]));
  const code = value(task.task_status_error_code);
  const status = value(task.status);
  const date = value(task.last_execution_time);
  const run = value(task.task_execution_id);
  const succeeded = value(task.success_count);
  const attention = value(task.attention_count);
  const types = events.filter(
    (event) => event.task_id === task.task_id && event.task_execution_id === run && run !== 0,
  );
  const positive = (each: Value): boolean => typeof each === 'number' && each > 0;

  if (typeof code === 'number' && code !== 0) return 'failed';
  if (row?.codes.status === 7 || status === 7) return 'canceled';
  const didNothing =
    succeeded === undefined
      ? processed.some((each) => each !== undefined) && processed.every((each) => each === undefined || each === 0)
      : succeeded === 0;
  if (errors.some(positive) && didNothing) return 'failed';
  if (row?.codes.status === 6 || status === 6 || states.includes(6)) return 'partial';
  if ([...errors, ...warnings, attention].some(positive)) return 'partial';
  const told = types.map((event) => value(event.log_type));
  if (told.some((type) => typeof type === 'number' && type !== 0)) return 'partial';

  const odd = (each: Value): boolean => each !== undefined && each !== 0 && each !== 1;
  if (odd(status) || states.some(odd)) return 'unexplained';
  if (row !== null && (odd(value(row.codes.status)) || row.resultBasis === 'unexplained')) return 'unexplained';
  const counts = [...errors, ...warnings, ...processed, succeeded, attention];
  if (counts.some((each) => each === 'garbage' || (each !== undefined && each < 0))) return 'unexplained';
  const progress = task.progress_list;
  const listIsGarbage = progress !== undefined && progress !== null && !Array.isArray(progress);
  const switches = serviceNames
    .map((name) => task[`enable_${name}`])
    .filter((each) => !['true', 'false'].includes(String(each)));
  const rest = [code, run, date, value(task.duration), value(task.job_id), ...told, ...switches.map(value)];
  if (listIsGarbage || rest.includes('garbage')) return 'unexplained';

  const dated = positive(date);
  if (dated && (status === 1 || (status === undefined && row?.codes.status === 1))) return 'success';
  const traces = [date, run, value(task.duration), succeeded, ...processed];
  return traces.every((each) => each === undefined || each === 0) ? 'never' : 'unknown';
}
