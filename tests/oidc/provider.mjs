// A strict OpenID provider on loopback for tests/accounts/company/test_strict_provider.py.
// Arguments: the folder with node_modules, a port, the redirect address, client ID, client secret.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder, port, redirect, clientId, clientSecret] = process.argv.slice(2)
const resolve = createRequire(`${folder}/`).resolve
const { default: Provider } = await import(pathToFileURL(resolve('oidc-provider')))

const key = (kind, options, more) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...more,
})

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [redirect],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  }],
  pkce: { required: () => true, methods: ['S256'] },
  jwks: {
    keys: [
      key('rsa', { modulusLength: 2048 }, { kid: 'one', alg: 'RS256' }),
      key('ec', { namedCurve: 'P-256' }, { kid: 'two', alg: 'ES256' }),
    ],
  },
  cookies: { keys: ['for the tests only'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@acme.example`, email_verified: true, name: id }),
  }),
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
})

createServer(provider.callback()).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
