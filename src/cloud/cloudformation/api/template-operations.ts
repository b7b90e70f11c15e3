import type { Operation } from '../../service.ts'
import type { Stack } from '../describe.ts'
import type { Template } from '../template.ts'
import { neededCapabilities } from './capabilities.ts'
import type { ChangeSets } from './change-sets.ts'
import { type Input, isTrue, operation, refusal, required } from './members.ts'
import { findStack, onAll, onStack, type Site, toStack, toTemplate } from './site.ts'
import { neededTemplate } from './template-of.ts'

/** The operations that tell of templates. */
export function templateOperations(site: Site, changeSets: ChangeSets): readonly Operation<Input>[] {
  return [
    operation('GetTemplate', ['StackName', 'ChangeSetName', 'TemplateStage'], {
      access: input => [
        toStack(
          site,
          'GetTemplate',
          input.StackName || (input.ChangeSetName && changeSets.find(input)?.stackId) || '*',
        ),
      ],
      run(input) {
        if (input.ChangeSetName) return templateShape(changeSets.get(input).request)
        const nameOrId = required(input, 'StackName')
        const stack = findStack(site, nameOrId)
        if (!stack) throw refusal(`Stack with id ${nameOrId} does not exist`)
        return templateShape(stack)
      },
    }),
    operation('GetTemplateSummary', ['TemplateBody', 'TemplateURL', 'StackName', 'TemplateSummaryConfig'], {
      access: (input, call) =>
        input.StackName
          ? onStack(site, 'GetTemplateSummary')(input, call)
          : [...onAll('GetTemplateSummary')(), ...toTemplate(site, input)],
      run(input) {
        if (!input.StackName) return summaryOf(neededTemplate(input, site.objects).template)
        const stack = findStack(site, input.StackName)
        if (!stack) throw refusal(`Stack with id ${input.StackName} does not exist`)
        return summaryOf(stack.template)
      },
    }),
    operation('ValidateTemplate', ['TemplateBody', 'TemplateURL'], {
      access: input => [...onAll('ValidateTemplate')(), ...toTemplate(site, input)],
      run(input) {
        const { template } = neededTemplate(input, site.objects)
        return {
          ...aboutTemplate(template),
          Parameters: Object.entries(template.Parameters ?? {}).map(([ParameterKey, definition]) => ({
            ParameterKey,
            DefaultValue: defaultOf(definition),
            NoEcho: isTrue(String(definition.NoEcho)),
            Description: definition.Description,
          })),
        }
      },
    }),
  ]
}

/** There is no macro here that would make the processed template another than the original. */
const templateShape = ({
  template,
  settings,
}: Pick<Stack, 'template'> & Partial<Pick<Stack, 'settings'>>) => ({
  TemplateBody: settings?.templateBody ?? JSON.stringify(template),
  StagesAvailable: ['Original', 'Processed'],
})

function summaryOf(template: Template) {
  return {
    ...aboutTemplate(template),
    Parameters: Object.entries(template.Parameters ?? {}).map(([ParameterKey, definition]) => ({
      ParameterKey,
      DefaultValue: defaultOf(definition),
      ParameterType: definition.Type,
      NoEcho: isTrue(String(definition.NoEcho)),
      Description: definition.Description,
      ParameterConstraints: definition.AllowedValues ? { AllowedValues: definition.AllowedValues } : {},
    })),
    ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
    Version: template.AWSTemplateFormatVersion,
    Metadata: template.Metadata && JSON.stringify(template.Metadata),
  }
}

function aboutTemplate(template: Template) {
  const { capability, reason, transforms } = neededCapabilities(template)
  return {
    Description: template.Description,
    Capabilities: capability && [capability],
    CapabilitiesReason: reason,
    DeclaredTransforms: transforms.length > 0 ? transforms : undefined,
  }
}

const defaultOf = ({ Default }: { readonly Default?: unknown }) =>
  Default === undefined ? undefined : String(Default)
