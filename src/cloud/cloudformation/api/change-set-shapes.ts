import type { PropertyChange, ResourceChange } from '../changes.ts'
import type { Properties } from '../properties.ts'
import { isObject } from '../template.ts'
import type { ChangeSet } from './change-sets.ts'
import { date, parametersShape, tagsShape, unlessEmpty } from './shapes.ts'

/** Why a change set FAILED that has nothing to change. Clients look for these words. */
const NOTHING =
  "The submitted information didn't contain changes. Submit different information to create a change set."

/** A change set as ListChangeSets shows it. */
export function changeSetSummary(changeSet: ChangeSet) {
  return {
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.changes ? 'CREATE_COMPLETE' : 'FAILED',
    StatusReason: changeSet.changes ? undefined : NOTHING,
    CreationTime: date(changeSet.createdAt),
    Description: changeSet.description,
    IncludeNestedStacks: changeSet.includeNestedStacks,
  }
}

/** A change set as DescribeChangeSet shows it, but for its changes. */
export function changeSetShape(changeSet: ChangeSet) {
  const { tags = {}, settings } = changeSet.request
  return {
    ...changeSetSummary(changeSet),
    Parameters: unlessEmpty(parametersShape(changeSet.parameters)),
    Tags: tagsShape(tags),
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: unlessEmpty(settings?.capabilities ?? []),
    OnStackFailure: changeSet.onStackFailure,
  }
}

/** What a change set changes; with `values`, from what to what. */
export const changesShape = (changes: readonly ResourceChange[], values: boolean) =>
  changes.map(
    ({ action, policyAction, logicalId, physicalId, type, replacement, details, before, after }) => ({
      Type: 'Resource',
      ResourceChange: {
        PolicyAction: policyAction,
        Action: action,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        Replacement: replacement,
        Scope: [...new Set(details.map(attributeOf))],
        Details: details.flatMap(detail =>
          sourcesOf(detail, values).map(source => ({
            ...source,
            Target: { ...targetOf(detail), ...(values && valuesOf(detail, before, after)) },
          })),
        ),
        BeforeContext: values ? contextOf(before) : undefined,
        AfterContext: values ? contextOf(after) : undefined,
      },
    }),
  )

/**
 * One detail for each cause. AWS tells a parameter twice, by its name and as a modification of the property, and a
 * resource only where it shows values (localstack's recordings of AWS).
 */
function sourcesOf({ evaluation, causes }: PropertyChange, values: boolean) {
  const direct = {
    Evaluation: causes.length > 0 ? 'Dynamic' : evaluation,
    ChangeSource: 'DirectModification',
  }
  const isToldTwice = values || causes.some(({ source }) => source === 'ParameterReference')
  return [
    ...causes.map(cause => ({
      Evaluation: cause.evaluation,
      ChangeSource: cause.source,
      CausingEntity: cause.entity,
    })),
    ...(causes.length === 0 || isToldTwice ? [direct] : []),
  ]
}

function targetOf(detail: PropertyChange) {
  const attribute = attributeOf(detail)
  return {
    Attribute: attribute,
    Name: attribute === 'Properties' ? detail.name : undefined,
    RequiresRecreation: detail.requiresRecreation,
  }
}

function valuesOf({ name }: PropertyChange, before: Properties = {}, after: Properties = {}) {
  const type = before[name] === undefined ? 'Add' : after[name] === undefined ? 'Remove' : 'Modify'
  return {
    Path: `/Properties/${name}`,
    BeforeValue: valueShape(before[name]),
    AfterValue: valueShape(after[name]),
    AttributeChangeType: type,
  }
}

function valueShape(value: unknown): string | undefined {
  if (value === undefined) return
  return typeof value === 'object' ? JSON.stringify(asTexts(value)) : String(value)
}

/** `{"Properties":{…}}`, as a text, with every number and boolean in it as a text too. */
const contextOf = (properties: Properties | undefined): string | undefined =>
  properties && JSON.stringify({ Properties: asTexts(properties) })

function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts)
  if (!isObject(value)) return String(value)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asTexts(one)]))
}

const attributeOf = ({ name }: PropertyChange) => (name === 'Tags' ? 'Tags' : 'Properties')
