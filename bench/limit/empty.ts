/** Answers and does nothing else, which shows what serverless-offline itself costs per request. */
export const handler = () =>
  Promise.resolve({
    statusCode: 201,
    headers: { 'content-type': 'application/json' },
    body: '{"orderId":12345,"status":"PENDING"}',
  });
