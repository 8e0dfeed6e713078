/** The media type of a problem document. https://www.rfc-editor.org/rfc/rfc9457 */
export const problemMediaType = 'application/problem+json';

/** A problem document of the laptop's own servers, shaped like those of the functions. */
export function problemBody(status: number, kind: string, title: string, detail: string) {
  return { type: `urn:openorder:problem:${kind}`, title, status, detail };
}

/** The problem document for a request that the guard refuses. */
export function forbiddenBody(detail: string) {
  return problemBody(403, 'foreign-page', 'Forbidden', detail);
}
