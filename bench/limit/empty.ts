/** Answers and does nothing else: what a request costs in serverless-offline itself. */
export const handler = () =>
  Promise.resolve({
    statusCode: 201,
    headers: { 'content-type': 'application/json' },
    body: '{"orderId":12345,"status":"PENDING"}',
  });
