import type { Lab } from '#kit'
import { criteria } from '../../checks/lab9-not-on-the-stage/criteria.ts'

/** A service that was deployed, twice, and is still not there. */
export const lab9: Lab = {
  id: 'lab9-not-on-the-stage',
  title: 'Not on the stage',
  about:
    'CloudFormation says CREATE_COMPLETE, and one stage does not know its routes, and the other lets nobody in.',
  criteria,
  starterBreaks: ['preview-lets-in', 'live-answers'],
  hints: {
    'live-lets-in': [
      'docs/stages-hints.md#hint-1-live-was-open',
      'docs/stages-hints.md#hint-2-what-is-needed-to-come-in',
      'docs/stages-hints.md#hint-3-the-door-as-it-was',
    ],
    'preview-lets-in': [
      'docs/stages-hints.md#hint-1-the-number-tells',
      'docs/stages-hints.md#hint-2-what-the-author-believed',
      'docs/stages-hints.md#hint-3-a-limit-that-is-none',
    ],
    'live-answers': [
      'docs/stages-hints.md#hint-1-the-api-has-it',
      'docs/stages-hints.md#hint-2-what-was-there-at-the-time',
      'docs/stages-hints.md#hint-3-waiting-for-everything',
    ],
    'preview-answers': [
      'docs/stages-hints.md#hint-1-the-api-has-it',
      'docs/stages-hints.md#hint-2-what-was-there-at-the-time',
      'docs/stages-hints.md#hint-3-waiting-for-everything',
    ],
    'the-rate-is-kept': [
      'docs/stages-hints.md#hint-1-who-stops-a-client',
      'docs/stages-hints.md#hint-2-for-every-route',
      'docs/stages-hints.md#hint-3-the-brake-as-it-was',
    ],
    'every-instance-serves-all': [
      'docs/stages-hints.md#hint-1-more-than-one-of-you',
      'docs/stages-hints.md#hint-2-outside-the-handler',
      'docs/stages-hints.md#hint-3-from-this-event-alone',
    ],
    'the-second-release-arrives': [
      'docs/stages-hints.md#hint-1-what-cloudformation-did',
      'docs/stages-hints.md#hint-2-made-once',
      'docs/stages-hints.md#hint-3-a-deployment-for-each-release',
    ],
    'live-stays-as-it-is': [
      'docs/stages-hints.md#hint-1-what-the-two-share',
      'docs/stages-hints.md#hint-2-the-old-photograph',
      'docs/stages-hints.md#hint-3-one-for-each-release-in-use',
    ],
    'live-follows': [
      'docs/stages-hints.md#hint-1-what-cloudformation-did',
      'docs/stages-hints.md#hint-2-made-once',
      'docs/stages-hints.md#hint-3-a-deployment-for-each-release',
    ],
    'nothing-more': [
      'docs/permissions-hints.md#hint-1-whose-role-and-whose-table',
      'docs/permissions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/permissions-hints.md#hint-3-grants-that-name-their-resource',
    ],
  },
  explanation: 'docs/stages-hints.md#what-was-wrong',
  tries: {
    frames: ['{"action":"say","text":"hello"}', '{"action":"whoami"}'],
  },
}
