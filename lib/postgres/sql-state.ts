/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const form = /^[0-9A-Z]{5}$/;

/** Classes of states: connection, resources, operator intervention, system. */
const unavailable = /^(08|53|57|58)/;

/** Whether an error's code is an SQLSTATE; Node's EPIPE has the same form. */
export function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && form.test(code) && code !== 'EPIPE';
}

/** Whether an error's code means that PostgreSQL is unavailable; it says nothing about the statement. */
export function saysUnavailable(code: unknown): boolean {
  return isSqlState(code) && unavailable.test(code);
}
