import { texts } from '../i18n/index.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Page } from '../parts/page.tsx';
import { signIn, signInFailure } from '../session.ts';
import { stageSettings } from '../settings.ts';

/** What a person sees before there is anything to see. */
export function SignInPage() {
  const { signInPage } = texts.value;
  const issuer = stageSettings().signIn?.issuer ?? '';
  return (
    <Page title={signInPage.title} lead={signInPage.lead(new URL(issuer).host)}>
      {signInFailure.value !== undefined && (
        <p class="notice bad" role="alert">
          {signInFailure.value}
        </p>
      )}
      <ActionButton label={signInPage.button} isPrimary run={signIn} />
    </Page>
  );
}
