/** The console's icon: a line with two stops, in colours that work on light and dark. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f4fb8"/><path d="M6 22h6l8-12h6" fill="none" stroke="#fff" stroke-width="3.5" stroke-linejoin="round"/><circle cx="7" cy="22" r="3" fill="#fff"/><circle cx="25" cy="10" r="3" fill="#fff"/></svg>`;

interface Names {
  readonly script: string;
  readonly style: string;
}

/**
 * The one document of the console; what it shows is up to the script. It holds no data and no inline script.
 */
export function pageOf({ script, style }: Names): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>OpenOrder</title>
<link rel="icon" type="image/svg+xml" href="/console/icon.svg">
<link rel="stylesheet" href="/console/${style}">
<script type="module" src="/console/${script}"></script>
</head>
<body>
<div id="console"></div>
<noscript>The console needs JavaScript. The API at /api works without it.</noscript>
</body>
</html>
`;
}

/**
 * What the page may load and call: its own origin, and those that sign people in. Mails are shown in
 * frames that inherit this, and have inline styles, as mail programs require: hence `style-src-attr`.
 * https://www.w3.org/TR/CSP3/
 */
export function contentSecurityPolicy(signInOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self'",
    ['connect-src', "'self'", ...signInOrigins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
