import { absolute, relative } from '../format.ts';

/** A moment with its zone, and how long ago that was. */
export function Moment({ at }: { readonly at: string | null }) {
  if (at === null) return <span class="muted">–</span>;
  return (
    <time class="moment" dateTime={at} title={at}>
      {absolute(at)} <span class="ago">{relative(at)}</span>
    </time>
  );
}
