import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const projectDirectory = join(import.meta.dirname, '..');
const generated = /^(\.|node_modules$|coverage$)/;

/** Every file of the project, relative to it. */
const files = readdirSync(projectDirectory, { withFileTypes: true })
  .filter(({ name }) => !generated.test(name))
  .flatMap((entry) => (entry.isDirectory() ? filesBelow(entry.name) : [entry.name]));

function filesBelow(folder: string): string[] {
  const names = readdirSync(join(projectDirectory, folder), { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(folder, name));
}

/** The documents for readers; decisions.md and the changelogs also name what was taken out since. */
const documents = files.filter(
  (file) => /^([^/]+|docs\/[^/]+)\.md$/.test(file) && !/(decisions|CHANGELOG)\.md$/.test(file),
);

const folders = 'bench|bin|bundler|contracts|docs|events|functions|lib|migrations|packaging|test';
const namedFromRoot = new RegExp(`^(${folders})/[\\w./-]+$`);
const namedAlone = /^[\w-]+(\.\w+)*\.(ts|js|sql)$/;

/** What a document says in backticks, and where its links lead. */
function namesIn(text: string): { codes: string[]; links: string[] } {
  return {
    codes: [...text.matchAll(/`([^`\s]+)`/g)].map(([, code = '']) => code),
    links: [...text.matchAll(/\]\(([^)\s#]+)/g)].map(([, link = '']) => link),
  };
}

describe('the documents', () => {
  it.each(documents)('when %s names a file or a folder, there is one', (document) => {
    const { codes, links } = namesIn(readFileSync(join(projectDirectory, document), 'utf8'));
    const fromRoot = codes.filter((code) => namedFromRoot.test(code));
    const alone = codes.filter((code) => namedAlone.test(code));
    const linked = links.filter((link) => !/^(https?|mailto):/.test(link));
    const missing = [
      ...fromRoot.filter((path) => !existsSync(join(projectDirectory, path))),
      ...alone.filter((name) => !files.some((file) => basename(file) === name)),
      ...linked.filter((link) => !existsSync(join(projectDirectory, dirname(document), link))),
    ];
    expect(missing).toEqual([]);
  });

  it('when they are looked through, files are found in them', () => {
    const texts = documents.map((document) => readFileSync(join(projectDirectory, document), 'utf8'));
    expect(
      texts.flatMap((text) => namesIn(text).codes.filter((code) => namedFromRoot.test(code))).length,
    ).toBeGreaterThan(50);
  });
});
