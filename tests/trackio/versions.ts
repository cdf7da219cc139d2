/** The newest client that the tests run; raise it when a new one is out. */
export const NEWEST = '0.43.0';

/** Minor versions that people still have: from the first that logs to a server of one's own. */
export const OLDER = ['0.24.2', '0.31.5'] as const;

/** With it the client logs how busy the machine is. */
export const BESIDE_NEWEST = ['psutil'];

/** These do not start with the huggingface_hub of today, which their own requirements allow. */
export const BESIDE_OLDER = ['huggingface_hub==1.10.0'];

/** What the client exports parquet by. */
export const PYARROW = 'pyarrow==26.0.1';
