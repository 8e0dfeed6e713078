import { developer, visitorOf } from './visitor.ts';

const form = { scopePrefix: '', userClaim: 'sub' };
const tokenWith = (claims: object) => {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const base64url = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return `e30.${base64url.replaceAll('=', '')}.c2ln`;
};

describe('the visitor that a token names', () => {
  it('when it has the operators’ scope, is an operator', () => {
    const token = tokenWith({ sub: 'ops', scope: 'openid operator:read operator:write' });
    expect(visitorOf(token, form)).toEqual({ isOperator: true, mayChange: true });
  });

  it('when it may only read, changes nothing', () => {
    const token = tokenWith({ sub: 'ops', scope: 'operator:read' });
    expect(visitorOf(token, form)).toEqual({ isOperator: true, mayChange: false });
  });

  it('when it has the customers’ scope, is the customer with this number', () => {
    expect(visitorOf(tokenWith({ sub: '42', scp: ['customer'] }), form)).toEqual({
      isOperator: false,
      mayChange: true,
      userId: 42,
    });
  });

  it('when the stage has its own prefix and claim, reads these', () => {
    const token = tokenWith({ sub: 'a-b', 'custom:user_id': '7', scope: 'api/customer', name: '김' });
    const own = { scopePrefix: 'api/', userClaim: 'custom:user_id' };
    expect(visitorOf(token, own)).toEqual({ isOperator: false, mayChange: true, userId: 7 });
  });

  it('when it has no scope of this system, may see nothing', () => {
    expect(visitorOf(tokenWith({ sub: '42' }), form)).toEqual({ isOperator: false, mayChange: false });
  });

  it('when it is not a JWT, leaves the decision to the API', () => {
    expect(visitorOf('opaque', form)).toEqual(developer);
  });
});
