import type { OfflineOptions } from '../host/settings.ts';
import type { MappingDefinition } from './definition.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-configure.html: 14 minutes with a Kafka trigger */
const maximumFunctionTimeoutMs = 840_000;

/** One sentence for each setting that works here but not on AWS, or that behaves differently here. */
export function warningsFor(definitions: readonly MappingDefinition[], offline: OfflineOptions): string[] {
  if (definitions.length === 0) return [];
  return [...offlineWarnings(offline), ...definitions.flatMap(mappingWarnings)];
}

function offlineWarnings({ reloadHandler, useInProcess, noTimeout }: OfflineOptions): string[] {
  const warnings: [boolean, string][] = [
    [reloadHandler, 'reloadHandler starts a new worker for every batch, which costs time and leaks memory'],
    [
      useInProcess,
      'useInProcess runs all batches in one module instance, and a batch that timed out keeps running',
    ],
    [noTimeout, 'noTimeout lets a batch that hangs block its partition forever'],
  ];
  return warnings.filter(([isOn]) => isOn).map(([, text]) => `Kafka triggers: ${text}.`);
}

function mappingWarnings(definition: MappingDefinition): string[] {
  const { functionKey, topic, functionTimeoutMs, filterCriteria, provisionedOnly, unknownProperties } =
    definition;
  const subject = `Function "${functionKey}", topic "${topic}"`;
  const warnings: [boolean, string][] = [
    [
      functionTimeoutMs > maximumFunctionTimeoutMs,
      `a timeout of ${functionTimeoutMs / 1000} s is too long, AWS allows 840 s with a Kafka trigger`,
    ],
    [
      provisionedOnly.length > 0,
      `${provisionedOnly.join(', ')} need provisioned mode on AWS: add ProvisionedPollerConfig`,
    ],
    [
      filterCriteria.unprovenOperators.length > 0,
      `Lambda does not document the filter operators ${filterCriteria.unprovenOperators.join(', ')}`,
    ],
    [unknownProperties.length > 0, `unknown properties ${unknownProperties.join(', ')} have no effect here`],
  ];
  return warnings.filter(([isOn]) => isOn).map(([, text]) => `${subject}: ${text}.`);
}
