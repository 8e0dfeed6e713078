/**
 * Lets every caller do everything, in the functions that run on this laptop. It is set while they run and stands in no file that is
 * deployed, so a packaged function is closed. An issuer that is configured goes before it.
 */
export const openLaptop = { AUTH_OPEN: 'laptop' } as const;
