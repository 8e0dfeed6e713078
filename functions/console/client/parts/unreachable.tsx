import { texts } from '../i18n/index.ts';
import { Page } from './page.tsx';

/** Shown when not even the console's settings can be read. */
export function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  const { trouble, tryAgain, consoleName } = texts.value;
  return (
    <main>
      <Page title={consoleName}>
        <div class="notice bad" role="alert">
          <p>
            <strong>{trouble.of('database', 0)}</strong>
          </p>
          <button type="button" onClick={onRetry}>
            {tryAgain}
          </button>
        </div>
      </Page>
    </main>
  );
}
