import { textOf } from '../bytes.ts';
import { texts } from '../i18n/index.ts';
import type { TopicRecord } from '../model.ts';
import { Table } from './records.tsx';

/** Headers in their order; a value of several lines, such as a stack, keeps its line breaks. */
export function HeaderTable({ headers }: { readonly headers: TopicRecord['headers'] }) {
  const { recordPage, columns } = texts.value;
  if (headers.length === 0) return <p class="muted">{recordPage.noHeaders}</p>;
  return (
    <Table label={recordPage.headers} columns={[columns.name, columns.value]}>
      {headers.map((header, index) => (
        <tr key={index}>
          <th scope="row">
            <code>{header.name}</code>
          </th>
          <td>
            <code class="lines">{textOf(header)}</code>
            {header.base64 !== undefined && <span class="muted"> base64</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}
