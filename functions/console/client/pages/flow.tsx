import { decimal, integer, wait } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { Flow, TriggerFlow } from '../model.ts';
import { LetterCount } from '../parts/badge.tsx';
import { FlowPicture } from '../parts/flow-picture.tsx';
import { Page, Section, Shown } from '../parts/page.tsx';
import { Table } from '../parts/records.tsx';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';
import { lagOf } from '../totals.ts';

/** The triggers of the deployed map, as a picture and as a table. */
export function FlowPage() {
  const { flowPage, nav } = texts.value;
  const flow = usePolled<Flow>('/api/flow', ({ triggers }) => lagOf(triggers) !== 0);
  return (
    <Page title={nav.flow} lead={flowPage.lead}>
      <Shown of={flow}>
        {({ triggers, unavailable }) => (
          <>
            {unavailable.length > 0 && (
              <p class="notice bad" role="alert">
                {flowPage.unavailable(unavailable.join(', '))}
              </p>
            )}
            <FlowPicture triggers={triggers} />
            <p class="muted">{flowPage.archive}</p>
            <Section title={flowPage.table}>
              <FlowTable triggers={triggers} />
            </Section>
          </>
        )}
      </Shown>
    </Page>
  );
}

function FlowTable({ triggers }: { readonly triggers: readonly TriggerFlow[] }) {
  const { flowPage, columns } = texts.value;
  return (
    <Table
      label={flowPage.table}
      columns={[
        columns.function,
        columns.topic,
        `#${columns.rate}`,
        `#${columns.lag}`,
        `#${columns.oldest}`,
        columns.deadLetters,
        columns.group,
      ]}
    >
      {triggers.map((trigger) => (
        <FlowRow key={trigger.consumerGroup} trigger={trigger} />
      ))}
    </Table>
  );
}

function FlowRow({ trigger }: { readonly trigger: TriggerFlow }) {
  const { topic, consumerGroup, ratePerSecond, lagRecords, lagSeconds, deadLetters } = trigger;
  return (
    <tr>
      <th scope="row">
        <code>{trigger.function}</code>
      </th>
      <td>
        <a href={href(['topics', topic])}>{topic}</a>
      </td>
      <td class="number">{known(ratePerSecond, decimal)}</td>
      <td class="number">{known(lagRecords, integer)}</td>
      <td class="number">{known(lagSeconds, wait)}</td>
      <td>
        <LetterCount count={deadLetters} />
      </td>
      <td>
        <code class="small group">{consumerGroup}</code>
      </td>
    </tr>
  );
}

function known(value: number | null, format: (value: number) => string) {
  return value === null ? <span class="muted">{texts.value.unknown}</span> : format(value);
}
