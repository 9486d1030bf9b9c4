import type { Template } from '../template/template.ts'

/** A stack as the stand-in stores it. */
export type Stack = {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly createdAt: string
  status: string
  reason: string | undefined
  parameters: ReadonlyMap<string, string>
  template: Template | undefined
  outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[]
  readonly resources: Map<string, StackResource>
  functions: Functions
  /** Oldest first. */
  readonly events: StackEvent[]
  /** The steps to come, one with each request. */
  pending: Step[]
  readonly changeSets: Map<string, ChangeSet>
}

type StackResource = { physicalId: string; type: string; status: string; reason?: string | undefined }

type StackEvent = {
  readonly EventId: string
  readonly StackId: string
  readonly StackName: string
  readonly LogicalResourceId: string
  readonly PhysicalResourceId: string
  readonly ResourceType: string
  readonly Timestamp: string
  readonly ResourceStatus: string
  readonly ResourceStatusReason?: string | undefined
}

/** The functions of a stack, by logical ID. */
export type Functions = ReadonlyMap<string, FunctionState>

export type FunctionState = {
  readonly name: string
  /** SHA-256 of its archive, in base64. */
  readonly codeSha256: string
  /** Its code and configuration, as text. */
  readonly definition: string
  /** The latest published code, and its version number. */
  readonly published: { readonly number: number; readonly definition: string } | undefined
}

/** An event to come. `resource` is a logical ID; without one the stack itself changes. */
export type Step = {
  readonly resource?: string
  readonly type?: string
  readonly status: string
  readonly reason?: string
  readonly afterwards?: () => void
}

export type ChangeSet = {
  readonly id: string
  readonly name: string
  readonly status: 'CREATE_COMPLETE' | 'FAILED'
  readonly reason: string | undefined
  readonly parameters: ReadonlyMap<string, string>
  readonly template: Template
  readonly changes: readonly Change[]
}

export type Change = {
  readonly action: 'Add' | 'Modify' | 'Remove'
  readonly resource: string
  readonly type: string
  readonly replacement?: 'True' | 'False' | 'Conditional'
}

/** Takes the next step of a stack. */
export function advance(stack: Stack, now: () => Date): void {
  const step = stack.pending.shift()
  if (step === undefined) return
  const { resource, status, reason } = step
  const known = resource === undefined ? undefined : stack.resources.get(resource)
  const type = step.type ?? known?.type ?? 'AWS::CloudFormation::Stack'
  const physicalId =
    resource === undefined ? stack.id : (known?.physicalId ?? physicalIdOf(stack.name, resource))
  if (resource === undefined) {
    stack.status = status
    stack.reason = reason
  } else stack.resources.set(resource, { physicalId, type, status, reason })
  stack.events.push({
    EventId: `${resource ?? stack.name}-${stack.events.length}`,
    StackId: stack.id,
    StackName: stack.name,
    LogicalResourceId: resource ?? stack.name,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: now().toISOString(),
    ResourceStatus: status,
    ResourceStatusReason: reason,
  })
  step.afterwards?.()
}

export function physicalIdOf(stackName: string, resource: string): string {
  return `${stackName}-${resource}-1ABCDEFGHIJK`
}
