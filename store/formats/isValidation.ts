const VALIDATION = /(^|[/_.-])(val|valid|validation|eval|evals|evaluation|test)([/_.-]|$)/i;

/** Says whether a folder or a file is one of evaluations: users name it, and this is what such names have in common. */
export const isValidation = (name: string): boolean => VALIDATION.test(name);
