export const handler = async (event) => {
  console.log(`partitions: ${Object.keys(event.records).sort().join(' ')}`);
};
