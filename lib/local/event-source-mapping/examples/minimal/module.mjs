export const handler = async (event) => {
  for (const record of Object.values(event.records).flat()) {
    console.log(`module: ${Buffer.from(record.value, 'base64')}`);
  }
};
