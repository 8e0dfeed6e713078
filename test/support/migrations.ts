/** Stands in for what the bundler makes of the folder `migrations`. */
export const steps = [];
