/** Error codes of a disk that is away for a moment, or of a folder that is moved. */
const DISK_TROUBLE = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EIO',
  'ESTALE',
  'ETIMEDOUT',
  'EAGAIN',
  'EMFILE',
  'ENFILE',
]);

export const isDiskTrouble = (cause: unknown): boolean =>
  DISK_TROUBLE.has(String((cause as NodeJS.ErrnoException | undefined)?.code));
