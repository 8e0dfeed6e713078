/** Stands in for what the bundler makes of serverless.yml. */
export const routes = [];
