/** Stands in for what the bundler makes of the console's client. */
export const script = { name: 'console.js', brotli: '', gzip: '' };
export const style = { name: 'console.css', brotli: '', gzip: '' };
export const dictionaries = [];
