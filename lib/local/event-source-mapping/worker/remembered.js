/** There are usually few header names; if not, clearing the cache at this size bounds the memory. */
const maximumTexts = 1000;

/** In characters. Longer texts hardly come twice: a record full of headers makes one of megabytes. */
const longestText = 1000;

/**
 * Caches a function's results by its string argument. JavaScript, since the workers load this file: see
 * `worker-guard.js`.
 * @template Result
 * @param {(text: string) => Result} compute
 * @returns {(text: string) => Result}
 */
export function remembered(compute) {
  /** @type {Map<string, Result>} */
  const results = new Map();
  return (text) => {
    if (text.length > longestText) return compute(text);
    const known = results.get(text);
    if (known !== undefined) return known;
    if (results.size === maximumTexts) results.clear();
    const result = compute(text);
    results.set(text, result);
    return result;
  };
}
