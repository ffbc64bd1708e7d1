// The public face of lib/dsm: a session with a NAS, and what belongs to it.
export { type CertificateFacts, normalizeFingerprint, readCertificate } from './certificate';
export { type CredentialIdentity, credentialFingerprint, memoryBlockStore } from './credential-guard';
export { isRecord } from './envelope';
export { CodedError, DsmError, type DsmErrorCode, type ErrorCause, type Outcome, isCodedError } from './errors';
export { Secret } from './secret';
export { DEFAULT_DEVICE_NAME, createDsmSession } from './session';
export type {
  CredentialBlock,
  CredentialBlockStore,
  DsmAnswer,
  DsmRequestRecord,
  DsmCall,
  DsmSession,
  DsmSessionCounters,
  DsmSessionOptions,
  DsmValue,
} from './types';
export { type NasUrl, type NasUrlResult, parseNasUrl } from './url';
