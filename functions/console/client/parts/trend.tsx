import { texts } from '../i18n/index.ts';

/** The last hour as bars of five minutes. */
export function Trend({ of }: { readonly of: readonly number[] }) {
  const most = Math.max(1, ...of);
  const sum = of.reduce((total, count) => total + count, 0);
  const label = texts.value.desk.trend(sum, of.at(-1) ?? 0);
  return (
    <>
      <svg class="trend" viewBox="0 0 48 16" aria-hidden="true">
        {of.map((count, index) => {
          const height = count === 0 ? 1 : 2 + (14 * count) / most;
          return <rect key={index} x={index * 4} y={16 - height} width="3" height={height} />;
        })}
      </svg>
      <span class="below small muted">{label}</span>
    </>
  );
}
