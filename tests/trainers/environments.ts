/** A virtual environment that trainers run in. Raise its versions when new ones are out, and make the recordings anew. */
export interface Environment {
  /** Installed with what they ask for, within the versions of `constraints/`. */
  packages: string[];
  /** Trainers that ask for engines and GPUs, of which their logging needs none. */
  alone: string[];
}

export type EnvironmentName = 'main' | 'swift';

export const ENVIRONMENTS: Record<EnvironmentName, Environment> = {
  main: {
    packages: [
      'trl==1.16.0',
      'transformers==5.24.0',
      'torch==2.15.0',
      'accelerate==1.15.0',
      'peft==0.21.2',
      'wandb==0.31.0',
      'mlflow-skinny==3.17.2',
      'trackio==0.43.0',
      'tensorboard==2.21.0',
      'verifiers==0.4.0',
      'uv==0.13.9',
      // What the trainers below need to be imported.
      'aiohttp==3.14.5',
      'codetiming==1.4.0',
      'func-timeout==4.3.5',
      'hydra-core==1.3.8',
      'jaxtyping==0.3.11',
      'loguru==0.7.3',
      'pandas==3.1.1',
      'polars==2.1.0',
      'matplotlib==3.11.2',
      'msgspec==0.23.0',
      'orjson==3.13.0',
      'prometheus-client==0.26.0',
      'psutil==7.2.2',
      'pylatexenc==2.11',
      'pyzstd==0.20.0',
      'ray==2.60.0',
      'tensordict==0.15.3',
      'torchdata==0.11.0',
    ],
    alone: ['verl==0.9.1', 'trinity-rft==0.6.0', 'openrlhf==0.11.2', 'skyrl==0.3.0', 'skyrl-gym==0.4.0'],
  },
  // It asks for a TRL and a transformers that are older than today's.
  swift: {
    packages: ['ms-swift==4.6.0', 'torch==2.15.0', 'wandb==0.31.0', 'msgspec==0.23.0'],
    alone: [],
  },
};

/** A trainer that no registry has, run from a checkout of its repository at this commit. */
export interface Source {
  repository: string;
  commit: string;
  /** Folders of it that Python imports from. */
  imports: string[];
}

export type SourceName = 'prime-rl' | 'prime-rl-streams' | 'slime' | 'miles' | 'nemo-rl';

export const SOURCES: Record<SourceName, Source> = {
  'prime-rl': {
    repository: 'PrimeIntellect-ai/prime-rl',
    commit: '559b44772e471d1538537b8805cc77f3824a5e64',
    imports: ['src', 'packages/prime-rl-configs/src'],
  },
  // Its file monitor since September 2026: a stream of traces.
  'prime-rl-streams': {
    repository: 'PrimeIntellect-ai/prime-rl',
    commit: '048a6e23428ea9b47feaba3c9fa75376e89a383e',
    imports: ['src', 'packages/prime-rl-configs/src'],
  },
  slime: { repository: 'THUDM/slime', commit: '624b824a898ab0ec1fcb4d373004c7f3852bf515', imports: ['.'] },
  miles: { repository: 'radixark/miles', commit: '31f1ca961a94cb860cec3b2dea34ec332bfa8f76', imports: ['.'] },
  'nemo-rl': { repository: 'NVIDIA-NeMo/RL', commit: '7ea279abfbeb698b092856d0dab61e7cf39bc909', imports: ['.'] },
};
