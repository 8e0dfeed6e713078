import type { Plugin } from 'esbuild';

/** A module's code, and the files it is made of, for a build that watches them. */
interface Made {
  readonly code: string;
  readonly files?: string[];
}

/** Lets bundles import a module that no file holds; it is made when something imports it. */
export function virtualModule(name: string, make: () => Made | Promise<Made>): Plugin {
  const namespace = name.replace(':', '-');
  return {
    name: namespace,
    setup: (build) => {
      build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace }));
      build.onLoad({ filter: /.*/, namespace }, async () => {
        const { code, files = [] } = await make();
        return { contents: code, loader: 'js', watchFiles: files };
      });
    },
  };
}
