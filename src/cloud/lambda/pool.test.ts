import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdaForTests, trust } from './lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>

beforeAll(async () => {
  cloud = await lambdaForTests()
})
afterAll(() => cloud.stop())

test('a caller that waits for an instance that cannot start is told why', async () => {
  cloud.iam.createRole({ name: 'short-lived', trust })
  const Role = cloud.roleArn('short-lived')
  await cloud.make('abandoned', 'exports.handler = async () => 1', { Role })
  cloud.iam.deleteRole('short-lived')

  await expect(cloud.invoke('abandoned')).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  })
})
