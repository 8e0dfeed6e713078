import { integer } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { Operation, Operations } from '../model.ts';
import { CopyCommand } from '../parts/copy-command.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page, Shown } from '../parts/page.tsx';
import { Table } from '../parts/records.tsx';
import { usePolled } from '../poll.ts';
import { href, query, setQuery } from '../router.ts';

const filterNames = ['action', 'source', 'state', 'operator'] as const;

/** Who did what with dead letters, when, how many, and by what means. */
export function OperationsPage() {
  const { desk, older } = texts.value;
  const asked = Object.fromEntries(filterNames.map((name) => [name, query.value.get(name) ?? '']));
  const given = Object.entries(asked).filter(([, value]) => value !== '');
  const cursor = query.value.get('cursor');
  const parameters = new URLSearchParams([
    ['limit', '50'],
    ...given,
    ...(cursor ? [['cursor', cursor]] : []),
  ]);
  const operations = usePolled<Operations>(`/api/operations?${parameters.toString()}`);
  return (
    <Page title={desk.operations} lead={desk.operationsLead}>
      <Filter asked={asked} />
      <Shown of={operations}>
        {(data) => (
          <>
            {data.operations.length === 0 ? (
              <p>{desk.noOperations}</p>
            ) : (
              <OperationTable of={data.operations} />
            )}
            {data.nextCursor !== undefined && (
              <a href={href(['operations'], { ...asked, cursor: data.nextCursor })}>{older}</a>
            )}
          </>
        )}
      </Shown>
      <CopyCommand verb="operations" conditions={asked} />
    </Page>
  );
}

function Filter({ asked }: { readonly asked: Readonly<Record<string, string>> }) {
  const { desk, ordersPage } = texts.value;
  const choices = { action: desk.action, source: desk.source, state: desk.state };
  return (
    <div class="filters">
      {(Object.keys(choices) as (keyof typeof choices)[]).map((name) => (
        <label key={name}>
          {desk.what[name]}
          <select
            value={asked[name]}
            onChange={({ currentTarget }) => {
              setQuery({ [name]: currentTarget.value, cursor: '' });
            }}
          >
            <option value="">{ordersPage.anyStatus}</option>
            {Object.entries(choices[name]).map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label>
        {desk.what.operator}
        <input
          value={asked['operator']}
          onChange={({ currentTarget }) => {
            setQuery({ operator: currentTarget.value.trim(), cursor: '' });
          }}
        />
      </label>
    </div>
  );
}

function OperationTable({ of }: { readonly of: readonly Operation[] }) {
  const { desk, columns } = texts.value;
  return (
    <Table
      label={desk.operations}
      columns={[
        desk.what.action,
        desk.what.state,
        `#${columns.count}`,
        desk.what.operator,
        desk.what.source,
        columns.time,
      ]}
    >
      {of.map((operation) => (
        <tr key={operation.operationId}>
          <th scope="row">
            <a href={href(['operations', operation.operationId])}>{desk.action[operation.action]}</a>
            <span class="below small">{conditionsText(operation.request)}</span>
          </th>
          <td>{operation.undoneBy === null ? desk.state[operation.state] : desk.undone}</td>
          <td class="number">{integer(operation.affected)}</td>
          <td>{operation.operator}</td>
          <td>{desk.source[operation.source as keyof typeof desk.source]}</td>
          <td>
            <Moment at={operation.startedAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function conditionsText(request: Operation['request']): string {
  return Object.entries(request)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')
    .slice(0, 200);
}
