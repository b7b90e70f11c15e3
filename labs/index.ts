import type { Lab } from '#kit'
import { lab0 } from './lab0-look-around/lab.ts'
import { lab1 } from './lab1-missing-route/lab.ts'
import { lab2 } from './lab2-wrong-permissions/lab.ts'
import { lab3 } from './lab3-authentication/lab.ts'
import { lab4 } from './lab4-stale-connections/lab.ts'
import { lab5 } from './lab5-notifications/lab.ts'
import { lab6 } from './lab6-graphql-subscriptions/lab.ts'
import { lab7 } from './lab7-at-least-once/lab.ts'
import { lab8 } from './lab8-the-way-back/lab.ts'
import { lab9 } from './lab9-not-on-the-stage/lab.ts'
import { lab10 } from './lab10-the-answer-nobody-hears/lab.ts'

/** Every lab there is, in the order in which they are taught. */
export const labs: readonly Lab[] = [lab0, lab1, lab2, lab3, lab4, lab5, lab6, lab7, lab8, lab9, lab10]
