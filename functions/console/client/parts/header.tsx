import { isUtc } from '../format.ts';
import { language, languages, texts, type Language } from '../i18n/index.ts';
import { isPaused, togglePause } from '../pause.ts';
import { href, segments, setQuery } from '../router.ts';
import { forgetSession, mayOpen, mustSignIn } from '../session.ts';
import { stageSettings } from '../settings.ts';
import { isHelpOpen } from '../shortcuts.ts';
import { theme, themes } from '../theme.ts';

/** The header of every page: navigation and display settings. */
export function Header() {
  const { consoleName } = texts.value;
  return (
    <header class="site">
      <a class="brand" href={href([])}>
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <path d="M4 22h8l8-12h8" class="brand-line" />
          <circle cx="6" cy="22" r="3.5" class="brand-stop" />
          <circle cx="26" cy="10" r="3.5" class="brand-stop" />
        </svg>
        OpenOrder <span class="stage">{stageSettings().stage}</span>
      </a>
      <nav aria-label={consoleName}>
        <Navigation />
      </nav>
      <Preferences />
    </header>
  );
}

function Navigation() {
  const { nav } = texts.value;
  const pages = ['', 'orders', 'flow', 'topics', 'dead-letters', 'stock'] as const;
  const existing = stageSettings().hasInbox ? ([...pages, 'inbox'] as const) : pages;
  const shown = mustSignIn() ? [] : existing.filter(mayOpen);
  const [current = ''] = segments.value;
  return (
    <ul>
      {shown.map((page) => (
        <li key={page}>
          <a href={href(page === '' ? [] : [page])} aria-current={page === current ? 'page' : undefined}>
            {nav[page]}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Stops everything that updates itself, on every page. */
function PauseButton() {
  const { live } = texts.value;
  if (mustSignIn()) return null;
  return (
    <button type="button" class={isPaused.value ? 'paused' : undefined} onClick={togglePause}>
      <span class="live-dot" aria-hidden="true" />
      {isPaused.value ? live.resume : live.pause}
      <span class="visually-hidden" role="status">
        {isPaused.value && live.paused}
      </span>
    </button>
  );
}

function Preferences() {
  const { preferences, shortcuts } = texts.value;
  return (
    <div class="preferences">
      <PauseButton />
      <button type="button" aria-pressed={isUtc.value} onClick={() => (isUtc.value = !isUtc.value)}>
        UTC
      </button>
      <ThemeChoice />
      <LanguageChoice />
      <button
        type="button"
        aria-label={shortcuts.title}
        aria-haspopup="dialog"
        onClick={() => (isHelpOpen.value = true)}
      >
        ?
      </button>
      {stageSettings().signIn && !mustSignIn() && (
        <button type="button" onClick={forgetSession}>
          {preferences.signOut}
        </button>
      )}
    </div>
  );
}

function ThemeChoice() {
  const { preferences } = texts.value;
  return (
    <select
      aria-label={preferences.theme}
      value={theme.value}
      onChange={({ currentTarget }) => (theme.value = currentTarget.value as typeof theme.value)}
    >
      {themes.map((name) => (
        <option key={name} value={name}>
          {preferences.themes[name]}
        </option>
      ))}
    </select>
  );
}

function LanguageChoice() {
  return (
    <select
      aria-label={texts.value.preferences.language}
      value={language.value}
      onChange={({ currentTarget }) => {
        setQuery({ lang: currentTarget.value });
      }}
    >
      {(Object.keys(languages) as Language[]).map((name) => (
        <option key={name} value={name} lang={name}>
          {languages[name]}
        </option>
      ))}
    </select>
  );
}
