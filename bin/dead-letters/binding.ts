import type { CommandContext } from './context.ts';

/** How an action is bound to what was shown before. */
export interface PreviewOptions {
  readonly dryRun?: boolean;
  /** The preview that a dry run printed. */
  readonly preview?: string;
}

/**
 * The preview that binds an action: the one that was named, else the one that a person has just confirmed.
 * Without confirmation, it applies to whatever matches.
 */
export function bindingTo(
  { preview }: { readonly preview?: string },
  named: string | undefined,
  { yes }: CommandContext,
): { readonly preview?: string } {
  const bound = named ?? (yes ? undefined : preview);
  return bound === undefined ? {} : { preview: bound };
}

/** How to do exactly what a dry run has shown. */
export function howToCarryOut({ preview }: { readonly preview?: string }): string {
  return preview === undefined ? '' : `\n\nTo do this and nothing else: --preview ${preview}`;
}
