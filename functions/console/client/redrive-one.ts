import { change } from './api.ts';
import { texts } from './i18n/index.ts';

interface Redriven {
  readonly redriven: number;
  readonly refused: readonly { readonly reason: string }[];
}

/** Redrives one dead letter. @throws Error that says why it was not sent */
export async function redriveOne(id: number, status: unknown): Promise<void> {
  const body = { ids: [id], status };
  const { redriven, refused } = await change<Redriven>('POST', '/api/dead-letters/redrive', body);
  if (redriven === 0) throw new Error(refused[0]?.reason ?? texts.value.redriveFound.nothing);
}
