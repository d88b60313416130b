// `node examples/game/start.ts`: a game, its studio's authorization server, and a social site with a server of its own.
import { listen } from '@valetkey-examples/shared/listen'
import { portAt, type StartedServer, startValetkey, untilStopped } from '@valetkey-examples/shared/valetkey'
import { friendsApi } from './friends-api.ts'
import { game } from './game.ts'

const studio = await startValetkey({
  folder: 'game/studio',
  tenantFile: new URL('studio.yaml', import.meta.url),
})
const social = await startValetkey({
  folder: 'game/social',
  tenantFile: new URL('social.yaml', import.meta.url),
  offset: 2,
})
const [[player], [member], [api]] = [studio.file.users, social.file.users, social.file.resourceServers]
if (!player || !member || !api) throw new Error('the tenant files have users and an API')

const [url, apiUrl] = [`http://localhost:${portAt(1)}`, `http://localhost:${portAt(3)}`]
const app = game({
  url,
  studio: registrationAt(studio),
  social: { ...registrationAt(social), audience: api.identifier, apiUrl },
})

untilStopped(
  [
    await listen(app, portAt(1)),
    await listen(friendsApi(social.issuer, api.identifier), portAt(3)),
    studio,
    social,
  ],
  `
  Play                         ${url}
  as                           ${player.email}
  with the password            ${player.password}

  At the social site you are   ${member.email}
  with the password            ${member.password}

  Everything is kept in ${studio.dataDirectory} and ${social.dataDirectory}. Stop with Ctrl+C.
`,
)

function registrationAt({ issuer, file }: StartedServer) {
  const [client] = file.clients
  if (!client) throw new Error('the tenant file has a client')
  return { issuer, clientId: client.client_id, clientSecret: client.client_secret }
}
