/**
 * A copy of a document in which each `$ref` is replaced by what it points to. The documents hold no circles.
 */
export function withoutReferences<Document>(document: Document): Document {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref } = value as { readonly $ref?: unknown };
    if (typeof $ref === 'string') return resolve(target(document, $ref));
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, resolve(held)]));
  };
  return resolve(document) as Document;
}

function target(document: unknown, reference: string): unknown {
  const steps = reference
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((value, step) => (value as Record<string, unknown>)[step], document);
}
