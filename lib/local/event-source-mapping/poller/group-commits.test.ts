import { GroupCommits } from './group-commits.ts';

it('when partitions commit at the same moment, one request has all their offsets', async () => {
  const requests: [number, number][][] = [];
  const commits = new GroupCommits(async (offsets) => {
    requests.push([...offsets]);
    await Promise.resolve();
  });
  await Promise.all([commits.commit(0, 10), commits.commit(2, 7)]);
  await commits.commit(0, 12);
  expect(requests).toEqual([
    [
      [0, 10],
      [2, 7],
    ],
    [[0, 12]],
  ]);
});

it('when a request fails, each of its partitions learns why, and the next request is sent', async () => {
  const failure = new Error('no coordinator');
  const answers = [Promise.reject(failure), Promise.resolve()];
  const commits = new GroupCommits(() => answers.shift() ?? Promise.resolve());
  const results = await Promise.allSettled([commits.commit(0, 10), commits.commit(1, 5)]);
  expect(results).toEqual([
    { status: 'rejected', reason: failure },
    { status: 'rejected', reason: failure },
  ]);
  await expect(commits.commit(0, 10)).resolves.toBeUndefined();
});
