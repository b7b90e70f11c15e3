import { expect, test } from 'vitest'
import { labs } from '../../../labs/index.ts'
import { attendeeBehind, attendeeCalled, newBucketName, stackNameOf } from './names.ts'

test('an attendee is called as AWS calls the caller', () => {
  expect(attendeeBehind('arn:aws:iam::123456789012:user/school/ana')).toBe('ana')
  expect(attendeeBehind('arn:aws:sts::123456789012:assumed-role/Learner/Ana.Silva@example.com')).toBe(
    'ana-silva',
  )
  expect(attendeeBehind('arn:aws:iam::123456789012:root')).toBe('root')
})

test('a name is made one that stacks and buckets may bear, or none', () => {
  expect(attendeeCalled('José Ñandú')).toBe('jose-nandu')
  expect(attendeeCalled('--x__y--')).toBe('x-y')
  expect(attendeeCalled('a-very-long-name-of-somebody')).toBe('a-very-long-name-o')
  expect(attendeeCalled('李')).toBeUndefined()
})

test('names keep within what AWS takes, in the region with the longest name', () => {
  const attendee = 'x'.repeat(18)
  const bucket = newBucketName('123456789012', 'ap-southeast-1', attendee)
  expect(bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/)
  expect(newBucketName('123456789012', 'ap-southeast-1', attendee)).not.toBe(bucket)
  for (const { id } of labs) expect(stackNameOf(id, attendee)).toMatch(/^[a-zA-Z][a-zA-Z0-9-]{0,127}$/)
})
