import { decimal, integer } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { TriggerFlow } from '../model.ts';

interface EdgeLabelProps {
  readonly trigger: TriggerFlow;
  readonly x: number;
  readonly y: number;
}

/** In units of the picture: a character's maximum width, and a line's height. */
const character = 8.2;
const line = 21;

/** An edge's rate and lag, and below them what failed. Unknown is shown as such, never as 0. */
export function EdgeLabel({ trigger, x, y }: EdgeLabelProps) {
  const lines = linesOf(trigger);
  const width = Math.max(...lines.map(({ text }) => widthOf(text))) + 20;
  const height = lines.length * line + 6;
  return (
    <g class="edge-label" transform={`translate(${x} ${y})`}>
      <rect x={-width / 2} y={-height / 2} width={width} height={height} rx={13} />
      <text text-anchor="middle">
        {lines.map(({ text, tone }, index) => (
          <tspan key={tone} x="0" y={(index - (lines.length - 1) / 2) * line + 5} class={tone}>
            {text}
          </tspan>
        ))}
      </text>
    </g>
  );
}

function linesOf({ ratePerSecond, lagRecords, deadLetters }: TriggerFlow) {
  const { flowPage } = texts.value;
  const rate = ratePerSecond === null ? flowPage.rateUnknown : flowPage.rate(decimal(ratePerSecond));
  const lag = lagRecords === null ? flowPage.lagUnknown : flowPage.lag(integer(lagRecords));
  const hasLetters = deadLetters !== null && deadLetters > 0;
  const flowing = lagRecords === 0 ? rate : `${rate} · ${lag}`;
  return [
    { text: flowing, tone: lagRecords === 0 ? 'rate' : 'lag' },
    ...(hasLetters ? [{ text: `✕ ${texts.value.deadLetterCount(deadLetters)}`, tone: 'letters' }] : []),
  ];
}

/** Hangul is nearly twice as wide. */
function widthOf(text: string): number {
  const wide = text.match(/[\u1100-\uffff]/g)?.length ?? 0;
  return (text.length + wide * 0.75) * character;
}
