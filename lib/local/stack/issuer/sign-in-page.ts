/**
 * Only inline styles, no scripts, no frames. Forms may redirect to the client, which is on this machine, too;
 * a policy cannot name IPv6 addresses (https://www.w3.org/TR/CSP3/#match-hosts).
 */
export const pagePolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'self' http://localhost:* http://127.0.0.1:*; frame-ancestors 'none'";

/** The page that asks who is signing in. @param query the authorization request, sent back with the choice */
export function signInPage(query: string): string {
  const action = `/authorize?${escaped(query)}`;
  return page(`
    <h1>Sign in to OpenOrder</h1>
    <p>This is the sign-in of your own machine. It asks for no password.</p>
    <form method="post" action="${action}">
      <label>Customer <input name="user" inputmode="numeric" pattern="[1-9][0-9]{0,15}" value="42" required></label>
      <button name="as" value="customer">Sign in as this customer</button>
    </form>
    <form method="post" action="${action}">
      <button name="as" value="operator">Sign in as operator</button>
    </form>`);
}

/** Explains why no one can sign in. */
export function refusalPage(reason: string): string {
  return page(`<h1>This sign-in cannot continue</h1><p>${escaped(reason)}</p>`);
}

function page(body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sign in to OpenOrder</title>
    <link rel="icon" href="data:,">
    <style>
      :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
      body { max-width: 26rem; margin: 10vh auto; padding: 0 1rem; }
      form { display: flex; gap: .5rem; align-items: end; margin-top: 1rem; flex-wrap: wrap; }
      input, button { font: inherit; padding: .4rem .8rem; min-height: 44px; }
      input { width: 8rem; }
    </style>
  </head>
  <body><main>${body}</main></body>
</html>
`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
