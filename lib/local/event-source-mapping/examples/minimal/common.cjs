exports.handler = async (event) => {
  for (const record of Object.values(event.records).flat()) {
    console.log(`CommonJS: ${Buffer.from(record.value, 'base64')}`);
  }
};
