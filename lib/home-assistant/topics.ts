// Every topic and id of one NAS, in one place. They come from the slug and the numeric task id, never from names.

/** The topics of a task. */
export interface TaskTopics {
  state: string;
  attributes: string;
  event: string;
  run: string;
  cancel: string;
}

/** The topics of one NAS. `base` is `<baseTopic>/<slug>`. */
export interface Topics {
  base: string;
  /** `online` or `offline`: this publisher. The last will. */
  status: string;
  /** `online` or `offline`: the NAS. */
  nas: string;
  state: string;
  event: string;
  refresh: string;
  task(taskId: number): TaskTopics;
  /** Filters that cover every command. */
  commandFilters: string[];
  /** Filters that cover what a task leaves retained. */
  taskStateFilters: string[];
  /** Null without discovery. */
  discovery: DiscoveryTopics | null;
}

/** The topics of Home Assistant's discovery. */
export interface DiscoveryTopics {
  packageDocument: string;
  taskDocument(taskId: number): string;
  /** Covers every device document on the broker, also those of others. */
  documentFilter: string;
  /** Where Home Assistant says that it has started: a topic of its own, which need not follow the discovery prefix. */
  births: readonly string[];
}

/** Where the topics of a NAS begin. */
export interface TopicSettings {
  slug: string;
  baseTopic: string;
  /** Empty: no discovery topics at all. */
  discoveryPrefix: string;
}

/** The id of the package's device and of its document. */
export function packageObjectId(slug: string): string {
  return `active_backup_${slug}`;
}

/** The id of a task's device and of its document. */
export function taskObjectId(slug: string, taskId: number): string {
  return `${packageObjectId(slug)}_task_${taskId}`;
}

/** A prefix as it may stand at the front of a topic: no wildcards, no slashes around it. */
function cleanPrefix(prefix: string): string {
  return prefix.replace(/[#+\0]/g, '').replace(/^\/+|\/+$/g, '');
}

/** All topics of one NAS. */
export function topicsFor({ slug, baseTopic, discoveryPrefix }: TopicSettings): Topics {
  const base = [cleanPrefix(baseTopic), slug].filter((part) => part !== '').join('/');
  const prefix = cleanPrefix(discoveryPrefix);
  return {
    base,
    status: `${base}/status`,
    nas: `${base}/nas`,
    state: `${base}/state`,
    event: `${base}/event`,
    refresh: `${base}/cmd/refresh`,
    task: (taskId) => ({
      state: `${base}/task/${taskId}/state`,
      attributes: `${base}/task/${taskId}/attributes`,
      event: `${base}/task/${taskId}/event`,
      run: `${base}/task/${taskId}/cmd/run`,
      cancel: `${base}/task/${taskId}/cmd/cancel`,
    }),
    commandFilters: [`${base}/cmd/+`, `${base}/task/+/cmd/+`],
    taskStateFilters: [`${base}/task/+/state`, `${base}/task/+/attributes`],
    discovery:
      prefix === ''
        ? null
        : {
            packageDocument: `${prefix}/device/${packageObjectId(slug)}/config`,
            taskDocument: (taskId) => `${prefix}/device/${taskObjectId(slug, taskId)}/config`,
            documentFilter: `${prefix}/device/+/config`,
            births: [...new Set(['homeassistant/status', `${prefix}/status`])],
          },
  };
}

/** A wish that came over MQTT. */
export type Command = { name: 'run' | 'cancel'; taskId: number } | { name: 'refresh'; taskId: null };

/** The command that a topic stands for, or null. */
export function commandOf(topics: Topics, topic: string): Command | null {
  if (topic === topics.refresh) return { name: 'refresh', taskId: null };
  if (!topic.startsWith(`${topics.base}/task/`)) return null;
  const match = /^(0|[1-9]\d{0,15})\/cmd\/(run|cancel)$/.exec(topic.slice(`${topics.base}/task/`.length));
  if (!match) return null;
  return { name: match[2] === 'run' ? 'run' : 'cancel', taskId: Number(match[1]) };
}

/** The task whose retained state or attributes a topic holds, or null. */
export function taskOfStateTopic(topics: Topics, topic: string): number | null {
  if (!topic.startsWith(`${topics.base}/task/`)) return null;
  const match = /^(0|[1-9]\d{0,15})\/(state|attributes)$/.exec(topic.slice(`${topics.base}/task/`.length));
  return match ? Number(match[1]) : null;
}
