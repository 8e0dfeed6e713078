import type { Letter, Line } from './message-letter.ts';
import type { Kind, Language } from './notice.ts';

const accents: Readonly<Record<Kind, string>> = {
  reserved: '#137a4b',
  rejected: '#b4491a',
  released: '#5b6472',
};

/** Fonts that phones and desktops have, including Korean ones. */
const fonts =
  "-apple-system,'Segoe UI',Roboto,'Apple SD Gothic Neo','Noto Sans KR','Malgun Gothic',sans-serif";

/** A letter as plain text. */
export function textOf({ reference, heading, lead, lines, closing }: Letter): string {
  const list = lines.map(({ sku, detail, note }) => `  ${sku}  ${detail}${note ? ` (${note})` : ''}`);
  return [reference, heading, lead, list.join('\n'), closing, 'OpenOrder'].join('\n\n') + '\n';
}

/**
 * A letter as a page that fits a phone as well as a wide screen. Styles are inline, since mail programs drop
 * style sheets:
 * https://www.caniemail.com/features/html-style/
 */
export function htmlOf(letter: Letter, kind: Kind, language: Language): string {
  const { subject, reference, heading, lead, lines, closing } = letter;
  const accent = accents[kind];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:0;background:#f2f4f7">
<div style="max-width:560px;margin:0 auto;padding:24px 12px;font-family:${fonts};font-size:16px;line-height:1.6;color:#1f2937;word-break:keep-all">
<div style="background:#ffffff;border-radius:12px;border-top:6px solid ${accent};padding:24px">
<p style="margin:0 0 4px;font-size:14px;color:#6b7280">${escapeHtml(reference)}</p>
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3;color:${accent}">${escapeHtml(heading)}</h1>
<p style="margin:0 0 20px">${escapeHtml(lead)}</p>
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="border-collapse:collapse;margin:0 0 20px;border-top:1px solid #e5e7eb">
${lines.map(rowOf).join('\n')}
</table>
<p style="margin:0">${escapeHtml(closing)}</p>
</div>
<p style="margin:16px 0 0;text-align:center;font-size:13px;color:#6b7280">OpenOrder</p>
</div>
</body>
</html>
`;
}

/** A SKU may be 64 characters long, so it may break anywhere; the text about it stays in one piece. */
function rowOf({ sku, detail, note }: Line): string {
  const cell = 'padding:10px 0;border-bottom:1px solid #e5e7eb;vertical-align:top';
  const below = note ? `<br><span style="font-size:14px;color:#6b7280">${escapeHtml(note)}</span>` : '';
  return `<tr>
<td style="${cell};word-break:break-word;overflow-wrap:anywhere"><b>${escapeHtml(sku)}</b>${below}</td>
<td style="${cell};padding-left:16px;text-align:right;white-space:nowrap">${escapeHtml(detail)}</td>
</tr>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text made harmless between tags and inside quoted attributes.
 * https://html.spec.whatwg.org/multipage/named-characters.html
 */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
