import type { Lab } from '#kit'
import { criteria } from '../../checks/lab2-wrong-permissions/criteria.ts'

/** A chat room in which nobody is allowed to tell anybody anything. */
export const lab2: Lab = {
  id: 'lab2-wrong-permissions',
  title: 'The wrong permissions',
  about:
    'A chat room lets everybody in and passes nothing on: its functions lack permissions, and want no more than those.',
  criteria,
  starterBreaks: ['everybody-hears'],
  hints: {
    'door-opens': [
      'docs/permissions-hints.md#hint-1-the-room-was-open-before',
      'docs/permissions-hints.md#hint-2-who-needs-what',
      'docs/permissions-hints.md#hint-3-the-grants-that-were-there',
    ],
    'everybody-hears': [
      'docs/permissions-hints.md#hint-1-the-functions-own-words',
      'docs/permissions-hints.md#hint-2-two-acts',
      'docs/permissions-hints.md#hint-3-two-grants',
    ],
    'leaving-takes-you-off-the-list': [
      'docs/gone-hints.md#hint-1-who-hears-somebody-leave',
      'docs/gone-hints.md#hint-2-one-row',
      'docs/gone-hints.md#hint-3-taking-one-row-off',
    ],
    'the-gone-do-no-harm': [
      'docs/gone-hints.md#hint-1-what-posting-to-nobody-does',
      'docs/gone-hints.md#hint-2-one-error-by-name',
      'docs/gone-hints.md#hint-3-going-on-without-them',
    ],
    'nothing-more': [
      'docs/permissions-hints.md#hint-1-whose-role-and-whose-table',
      'docs/permissions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/permissions-hints.md#hint-3-grants-that-name-their-resource',
    ],
    'every-instance-serves-all': [
      'docs/gone-hints.md#hint-1-more-than-one-instance',
      'docs/gone-hints.md#hint-2-what-only-one-of-them-knows',
      'docs/gone-hints.md#hint-3-the-list-for-each-message',
    ],
  },
  explanation: 'docs/permissions-hints.md#what-was-wrong',
  tries: {
    frames: ['{"action":"sendMessage","text":"hello"}'],
  },
}
