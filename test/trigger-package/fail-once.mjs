let attempts = 0;

export const handler = async (event) => {
  attempts += 1;
  const offsets = Object.values(event.records)
    .flat()
    .map(({ offset }) => offset);
  console.log(`failOnce: attempt ${attempts} with offsets ${offsets}`);
  if (attempts === 1) throw new Error('the first attempt fails');
};
