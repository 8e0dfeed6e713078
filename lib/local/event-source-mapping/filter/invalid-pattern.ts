import { EventSourceMappingError } from '../errors.ts';

/** A pattern that AWS refuses with "Invalid filter pattern definition". */
export class InvalidPatternError extends EventSourceMappingError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_FILTER_PATTERN', message, options);
    this.name = 'InvalidPatternError';
  }
}
