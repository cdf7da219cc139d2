/** The reading half of an engine; every read shows one moment. */
export interface EngineReads {
  readonly name: string;
}
