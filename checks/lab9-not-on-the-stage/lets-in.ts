import type { Criterion } from '#kit'
import { refused } from '../handshake.ts'
import { enter, type Stage } from './stages.ts'

/** The promise that a stage has an open door: for one client, and for another that comes while the first is there. */
export const letsIn = (stage: Stage): Criterion => ({
  id: `${stage}-lets-in`,
  says: `Clients can connect to ${stage}`,
  hint: 'docs/stages.md#403-429-and-internal-server-error',
  async probe(scene) {
    await enter(scene, stage, 'ana')
    await enter(scene, stage, 'ben')
  },
  diagnoses: [
    {
      when: /refused with 429/,
      means:
        '429 comes from the throttle of the stage, before any function is called. A limit of 0 lets nobody in: it does not mean that there is no limit.',
      where: { resource: 'AWS::ApiGatewayV2::Stage', named: new RegExp(stage, 'i') },
    },
    {
      when: /refused with 403/,
      means:
        '403 comes from API Gateway itself: there is no such stage, or the stage serves no deployment, or the deployment has something in the way on $connect.',
      where: { resource: 'AWS::ApiGatewayV2::Stage', named: new RegExp(stage, 'i') },
    },
    ...refused,
  ],
})
