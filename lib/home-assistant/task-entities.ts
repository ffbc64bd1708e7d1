// The catalogue of a task's device: one row per entity, thirteen of them enabled by default.
import type { ServiceName } from '../active-backup/types';
import { countRow, flagRow, momentRow, sizeRow, wordRow, type EntityRow } from './entity';
import { taskEventTypes } from './event-types';
import { serviceLabels } from './services';
import { policyWords, problemWords, resultWords } from './task-state';

const diagnostic = { category: 'diagnostic' } as const;

/** A task's own entities. */
export const taskEntities: readonly EntityRow[] = [
  wordRow({
    key: 'last_result',
    name: 'Last result',
    options: resultWords,
    icon: 'mdi:cloud-check-outline',
    attributes: true,
    enabled: true,
  }),
  flagRow({ key: 'problem', name: 'Problem', deviceClass: 'problem', enabled: true }),
  flagRow({ key: 'overdue', name: 'Overdue', deviceClass: 'problem', enabled: true }),
  flagRow({ key: 'running', name: 'Running', deviceClass: 'running', enabled: true }),
  momentRow({ key: 'last_run', name: 'Last run', enabled: true }),
  momentRow({ key: 'last_success', name: 'Last successful run', enabled: true }),
  momentRow({ key: 'next_run', name: 'Next run', condition: 'not continuous or manual', enabled: true }),
  {
    key: 'duration',
    platform: 'sensor',
    name: 'Last run duration',
    topic: 'state',
    value: 'duration_min',
    deviceClass: 'duration',
    stateClass: 'measurement',
    unit: 'min',
    // Home Assistant makes minutes and seconds of what this leaves.
    precision: 2,
    enabled: true,
  },
  sizeRow({
    key: 'transferred',
    name: 'Last run transferred',
    value: 'transferred_gb',
    unit: 'GB',
    // A run often sends a few megabytes only.
    precision: 3,
    enabled: true,
  }),
  sizeRow({
    key: 'used_storage',
    name: 'Used storage',
    value: 'used_gb',
    unit: 'GB',
    icon: 'mdi:database',
    enabled: true,
  }),
  countRow({ key: 'attention', name: 'Objects needing attention', icon: 'mdi:account-alert', enabled: true }),
  wordRow({
    key: 'policy',
    name: 'Backup mode',
    options: policyWords,
    icon: 'mdi:calendar-clock',
    enabled: true,
    ...diagnostic,
  }),
  {
    key: 'backup',
    platform: 'event',
    name: 'Backup',
    topic: 'event',
    eventTypes: taskEventTypes,
    icon: 'mdi:cloud-upload-outline',
    enabled: true,
  },
  countRow({ key: 'succeeded', name: 'Objects backed up', icon: 'mdi:account-check', enabled: false }),
  countRow({ key: 'warnings', name: 'Warnings', icon: 'mdi:alert-outline', enabled: false, ...diagnostic }),
  countRow({ key: 'errors', name: 'Errors', icon: 'mdi:alert-circle-outline', enabled: false, ...diagnostic }),
  countRow({ key: 'failures_in_a_row', name: 'Failures in a row', icon: 'mdi:counter', enabled: false, ...diagnostic }),
  {
    key: 'error_code',
    platform: 'sensor',
    name: 'Task error code',
    topic: 'state',
    icon: 'mdi:numeric',
    enabled: false,
    ...diagnostic,
  },
  wordRow({
    key: 'problem_reason',
    name: 'Problem reason',
    options: problemWords,
    icon: 'mdi:help-circle-outline',
    enabled: false,
    ...diagnostic,
  }),
  flagRow({ key: 'stalled', name: 'Stalled', deviceClass: 'problem', enabled: false, ...diagnostic }),
  momentRow({ key: 'started', name: 'Last run started', enabled: false, ...diagnostic }),
  momentRow({ key: 'last_completed', name: 'Last completed run', enabled: false, ...diagnostic }),
  {
    key: 'run',
    platform: 'button',
    name: 'Run backup',
    topic: 'run',
    icon: 'mdi:play',
    condition: 'commands allowed',
    enabled: true,
  },
  {
    key: 'cancel',
    platform: 'button',
    name: 'Cancel backup',
    topic: 'cancel',
    icon: 'mdi:stop',
    condition: 'commands allowed',
    enabled: true,
  },
];

/** The entities of one service that the task backs up. */
export function taskServiceEntities(service: ServiceName): EntityRow[] {
  const label = serviceLabels[service];
  const row = (key: string): { key: string; value: string; enabled: false; category: 'diagnostic' } => ({
    key: `${service}_${key === 'used_gb' ? 'used' : key}`,
    value: `services.${service}.${key}`,
    enabled: false,
    ...diagnostic,
  });
  return [
    sizeRow({ ...row('used_gb'), name: `${label} used storage`, unit: 'GB' }),
    countRow({ ...row('processed'), name: `${label} objects processed` }),
    countRow({ ...row('warnings'), name: `${label} warnings` }),
    countRow({ ...row('errors'), name: `${label} errors` }),
    flagRow({ ...row('problem'), name: `${label} problem`, deviceClass: 'problem' }),
  ];
}
