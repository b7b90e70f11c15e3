import { AwsError } from '../error.ts'
import { principalName } from '../iam/denial.ts'
import type { Access, Operation } from '../service.ts'
import { filterParameters } from './filters.ts'
import { pageOf } from './paging.ts'
import { currentOf, type Parameter } from './parameter.ts'
import { metadata, shown } from './shapes.ts'
import { invalid, type Store } from './store.ts'
import { versionNamed } from './versions.ts'

type Input = Readonly<Record<string, any>>

/** The operations of Parameter Store. A parameter may be named by its ARN, too, and a version of it with `:3` behind. */
export function operations(store: Store): readonly Operation<Input>[] {
  const to = (action: string, name: string): Access => ({
    action: `ssm:${action}`,
    resource: store.arnOf(baseOf(name)),
  })
  const found = (name: string): Parameter => {
    const parameter = store.find(name)
    if (!parameter) throw notFound()
    return parameter
  }

  return [
    {
      name: 'PutParameter',
      access: ({ Name = '', Tags = [] }) => [
        to('PutParameter', Name),
        ...(Tags.length > 0 ? [to('AddTagsToResource', Name)] : []),
      ],
      run(input, { principal }) {
        const { Name = '', Value = '', Tags = [], Overwrite } = input
        if (Overwrite && Tags.length > 0) {
          throw invalid(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
          )
        }
        const parameter = store.put({
          name: Name,
          value: Value,
          type: input.Type,
          description: input.Description,
          allowedPattern: input.AllowedPattern,
          keyId: input.KeyId,
          dataType: input.DataType,
          tier: input.Tier,
          overwrite: Overwrite,
          by: principalName(principal),
        })
        for (const { Key, Value: text } of Tags) parameter.tags.set(Key, text)
        const { version, tier } = currentOf(parameter)
        return { Version: version, Tier: tier }
      },
    },
    {
      name: 'GetParameter',
      access: ({ Name = '' }) => [to('GetParameter', Name)],
      run({ Name = '', WithDecryption }) {
        const parameter = found(baseOf(Name))
        return {
          Parameter: shown(parameter, versionNamed(parameter, Name), WithDecryption, selectorOf(Name)),
        }
      },
    },
    {
      name: 'GetParameters',
      access: ({ Names = [] }) => Names.map((name: string) => to('GetParameters', name)),
      run({ Names = [], WithDecryption }) {
        if (Names.length > 10) {
          throw invalid(
            `1 validation error detected: Value '[${Names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10`,
          )
        }
        const has = (name: string) => {
          const parameter = store.find(baseOf(name))
          const wanted = versionIn(name)
          return parameter && (!wanted || parameter.versions.some(({ version }) => version === wanted))
        }
        return {
          Parameters: Names.filter(has).map((name: string) => {
            const parameter = found(baseOf(name))
            return shown(parameter, versionNamed(parameter, name), WithDecryption, selectorOf(name))
          }),
          InvalidParameters: Names.filter((name: string) => !has(name)),
        }
      },
    },
    {
      name: 'GetParametersByPath',
      access: ({ Path = '' }) => [to('GetParametersByPath', Path)],
      run({ Path = '', Recursive = false, WithDecryption, ParameterFilters, MaxResults = 10, NextToken }) {
        if (!Path.startsWith('/')) {
          throw invalid(
            'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
          )
        }
        const path = Path.endsWith('/') ? Path : `${Path}/`
        const below = store
          .all()
          .filter(({ name }) => name.startsWith(path))
          .filter(({ name }) => Recursive || !name.slice(path.length).includes('/'))
        const { items, ...more } = pageOf(
          filterParameters(below, ParameterFilters),
          MaxResults,
          NextToken,
          10,
        )
        return {
          Parameters: items.map(parameter => shown(parameter, currentOf(parameter), WithDecryption)),
          ...more,
        }
      },
    },
    {
      name: 'GetParameterHistory',
      access: ({ Name = '' }) => [to('GetParameterHistory', Name)],
      run({ Name = '', WithDecryption, MaxResults = 50, NextToken }) {
        const parameter = found(Name)
        const { items, ...more } = pageOf(parameter.versions, MaxResults, NextToken, 50)
        return {
          Parameters: items.map(version => {
            const { Value, Type } = shown(parameter, version, WithDecryption)
            const { ARN: _, ...rest } = metadata(parameter, version)
            return { ...rest, Type, Value, Labels: [] }
          }),
          ...more,
        }
      },
    },
    {
      name: 'DescribeParameters',
      access: () => [
        { action: 'ssm:DescribeParameters', resource: store.arnOf('').replace(/parameter\/$/, '*') },
      ],
      run({ ParameterFilters, Filters, MaxResults = 50, NextToken }) {
        const all = filterParameters(store.all(), ParameterFilters ?? asFilters(Filters))
        const { items, ...more } = pageOf(all, MaxResults, NextToken, 50)
        return { Parameters: items.map(parameter => metadata(parameter, currentOf(parameter))), ...more }
      },
    },
    {
      name: 'DeleteParameter',
      access: ({ Name = '' }) => [to('DeleteParameter', Name)],
      run({ Name = '' }) {
        store.remove(found(Name))
        return {}
      },
    },
    {
      name: 'DeleteParameters',
      access: ({ Names = [] }) => Names.map((name: string) => to('DeleteParameters', name)),
      run({ Names = [] }) {
        const there = Names.filter((name: string) => store.find(name))
        for (const name of there) store.remove(found(name))
        return {
          DeletedParameters: there,
          InvalidParameters: Names.filter((name: string) => !there.includes(name)),
        }
      },
    },
    ofTags('AddTagsToResource', (tags, { Tags = [] }) => {
      for (const { Key, Value } of Tags) tags.set(Key, Value)
      return {}
    }),
    ofTags('RemoveTagsFromResource', (tags, { TagKeys = [] }) => {
      for (const key of TagKeys) tags.delete(key)
      return {}
    }),
    ofTags('ListTagsForResource', tags => ({
      TagList: [...tags].map(([Key, Value]) => ({ Key, Value })),
    })),
  ]

  function ofTags(name: string, run: (tags: Map<string, string>, input: Input) => unknown): Operation<Input> {
    return {
      name,
      access: ({ ResourceId = '' }) => [to(name, ResourceId)],
      run(input) {
        if (input.ResourceType !== 'Parameter') {
          throw new AwsError(
            'InvalidResourceType',
            'The resource type is not valid. Only parameters are here.',
          )
        }
        const parameter = store.find(input.ResourceId ?? '')
        if (!parameter)
          throw new AwsError(
            'InvalidResourceId',
            'The resource ID is not valid. Verify that you entered the correct ID and try again.',
          )
        return run(parameter.tags, input)
      },
    }
  }
}

/** SSM says no more than the code. */
const notFound = () => new AwsError('ParameterNotFound', '')

/** The name without the version behind it: `/a:3`. An ARN has colons of its own. */
const baseOf = (name: string): string => name.replace(/(?<=^[^:]*|:parameter\/[^:]*):[^:]+$/, '')

const selectorOf = (name: string): string | undefined => name.slice(baseOf(name).length) || undefined

const versionIn = (name: string): number | undefined => Number(selectorOf(name)?.slice(1)) || undefined

/** The older way to filter. */
const asFilters = (filters: readonly { Key: string; Values: readonly string[] }[] | undefined) =>
  filters?.map(filter => ({ ...filter, Option: filter.Key === 'Name' ? 'BeginsWith' : 'Equals' }))
