// What a user can attach to a bug report: versions, settings without secrets, the last requests without values, and
// one answer of each read method with everything personal replaced.
import { arch, platform, release } from 'node:os';
import { rawOf, type ActiveBackupClient } from '../active-backup';
import { isCodedError } from '../dsm';
import { createAnonymizer } from './anonymize';
import type { NasConnection } from './nas-connection';

/** Collects the bundle of one connection. A read that fails is told by its code. Never throws. */
export async function supportBundle(
  connection: NasConnection,
  versions: { package: string; nodeRed: string },
): Promise<Record<string, unknown>> {
  const anonymize = createAnonymizer();
  const { client, monitor, settings } = connection;
  const answers: Record<string, unknown> = {};
  const tasks = await attempt(async () => (await monitor.refresh()).tasks);
  answers.list_tasks = 'error' in tasks ? tasks : anonymize(monitor.raw);
  const taskId = 'error' in tasks ? undefined : tasks.value[0]?.id;
  for (const [method, read] of Object.entries(reads(client, taskId))) {
    const answer = await attempt(read);
    answers[method] = 'error' in answer ? answer : anonymize(rawOf(answer.value));
  }
  const { url, slug, name, certificateSha256, ...plain } = settings;
  return {
    versions: { ...versions, node: process.version, system: `${platform()} ${release()} ${arch()}` },
    settings: {
      ...plain,
      url: url.replace(/\/\/.*$/, `//${String(anonymize(url))}`),
      slug: anonymize(slug),
      name: anonymize(name),
      // Public certificates are listed by fingerprint, with the host's name beside it.
      certificatePinned: certificateSha256 !== null,
    },
    health: { ...monitor.health, errorMessage: null },
    requests: connection.requests,
    answers,
  };
}

function reads(client: ActiveBackupClient, taskId: number | undefined): Record<string, () => Promise<object>> {
  const everywhere = {
    get_general_log: () => client.getPackageLog({ limit: 20 }),
    get_worker_count: () => client.getWorkerCount(),
    list_task_logs: () => client.listRuns({ limit: 20 }),
  };
  if (taskId === undefined) return everywhere;
  return {
    ...everywhere,
    get_all_log: () => client.getTaskLog({ taskId, limit: 20 }),
    get_task_setting: () => client.getTaskSetting({ taskId }),
  };
}

async function attempt<T>(read: () => Promise<T>): Promise<{ value: T } | { error: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    return { error: isCodedError(error) ? error.code : 'INVALID_RESPONSE' };
  }
}
