import type { TemplateText } from '../../core/message/template.ts'
import { flowsWith } from '../../core/policy/answer-flow.ts'
import { type PolicyContent, policyDifferences } from '../../core/policy/change-log.ts'
import { defaultFraudPolicy, type NewFraudPolicy } from '../../core/policy/fraud-policy.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import {
  applyChanges,
  type Editor,
  nameOfTemplate,
  type TemplateChange,
  type TemplateName,
  type TemplatesSaved,
  type TemplateVersion,
} from '../../core/policy/policy-store.ts'
import type { Route } from '../../core/policy/route.ts'
import { defaultRoutingPolicy, type NewRoutingPolicy } from '../../core/policy/routing-policy.ts'
import { otherForm, RefusedForm, TABLE_FORM } from '../../core/records/stored-form.ts'
import { logPolicyChange } from './change-log.ts'
import { DAY_MS, keys, secondsOf } from './keys.ts'
import type { Pauses } from './pauses.ts'
import { type Head, inPieces, readHead } from './policy-head.ts'
import type { Table } from './table.ts'
import { keepVersions, readVersionsBefore } from './template-versions.ts'

/** With author and time of each template, which only the history needs. */
type Content = Omit<StoredPolicy, 'version' | 'templates' | 'answerFlows'> & {
  readonly templates: readonly TemplateVersion[]
}

const ATTEMPTS_MAX = 50

/**
 * The policy's content is stored in items that never change, and the head names the current ones. A change writes new
 * content and then moves the head, if no other change moved it first. So a change is complete or absent, and no reader
 * sees a part of it.
 */
function openPolicy(table: Table, { now, newId, pauses, changesMs }: PolicyOptions) {
  const readContent = async (head: Head | undefined): Promise<Content> => {
    if (head === undefined) return EMPTY
    const pk = { S: keys.policyPiece(head.contentId, 0).pk }
    const pieces: string[] = []
    for await (const page of table.query('#pk = :pk', { ':pk': pk }))
      pieces.push(...page.map(({ text }) => text?.S ?? ''))
    if (pieces.length !== head.pieces) throw new Error(`store: policy version ${head.version} is not whole`)
    const { templates, ...content } = JSON.parse(pieces.join('')) as Content // written below
    return { ...content, templates: templates.map(template => ({ ...NOT_SAID, ...template })) }
  }

  const write = async (contentId: string, content: Content): Promise<number> => {
    const pieces = inPieces(JSON.stringify(content))
    await Promise.all(
      pieces.map((text, index) =>
        table.update(keys.policyPiece(contentId, index), {
          update: 'SET #text = :text',
          values: { ':text': { S: text } },
        }),
      ),
    )
    return pieces.length
  }
  const moveHead = async (known: Head | undefined, next: Head): Promise<boolean> => {
    const moved = await table.update(keys.policy, {
      update: 'SET #version = :version, #contentId = :contentId, #pieces = :pieces, #form = :form',
      condition: known === undefined ? 'attribute_not_exists(#pk)' : '#version = :known AND #form = :form',
      values: {
        ':version': { N: String(next.version) },
        ':contentId': { S: next.contentId },
        ':pieces': { N: String(next.pieces) },
        ':form': { N: String(next.form) },
        ...(known !== undefined && { ':known': { N: String(known.version) } }),
      },
    })
    // Refused because the first write succeeded, its answer was lost, and the client repeated it.
    return moved.kind === 'changed' || (await readHead(table))?.contentId === next.contentId
  }
  /** After a day: a reader that had the head just before it moved still finds what it named. */
  const expireContent = async ({ contentId, pieces }: Head): Promise<void> => {
    for (let index = 0; index < pieces; index += 1)
      await table.update(keys.policyPiece(contentId, index), {
        update: 'SET #expires = :expires',
        condition: 'attribute_exists(#pk)',
        values: { ':expires': { N: secondsOf(now() + DAY_MS) } },
      })
  }

  const change = async <T>(
    by: Editor,
    work: (content: Content) => Change<T> | Promise<Change<T>>,
  ): Promise<T> => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const known = await readHead(table)
      // A newer Hookline may have changed the table since this program opened it.
      if (known !== undefined && known.form !== TABLE_FORM)
        throw new RefusedForm(otherForm('The table', known.form, TABLE_FORM))
      const before = await readContent(known)
      const { content, result } = await work(before)
      if (content === undefined) return result
      const contentId = newId()
      const version = (known?.version ?? FIRST_VERSION) + 1
      const entries = policyDifferences(withoutEditors(before), withoutEditors(content))
      const logged = { version, contentId, previous: known?.contentId, by, entries }
      const [pieces] = await Promise.all([
        write(contentId, content),
        logPolicyChange(table, logged, changesMs),
      ])
      const next = { version, contentId, pieces, form: TABLE_FORM }
      if (await moveHead(known, next)) {
        // The change is complete even if the old content is not deleted: a few kilobytes that are not read again.
        if (known !== undefined) await expireContent(known).catch(() => undefined)
        return result
      }
      await expireContent(next).catch(() => undefined)
      await pauses.beforeAnother(attempt)
    }
    throw new Error(`store: ${ATTEMPTS_MAX} times others changed the policy at the same moment; try again`)
  }

  return {
    readPolicy: async (known?: number): Promise<StoredPolicy | undefined> => {
      const head = await readHead(table)
      const version = head?.version ?? FIRST_VERSION
      if (version === known) return undefined
      const { answerFlows } = head ?? {}
      return {
        version,
        ...withoutEditors(await readContent(head)),
        ...(answerFlows !== undefined && { answerFlows }),
      }
    },
    readContent: async (): Promise<Content> => readContent(await readHead(table)),
    change,
  }
}

type PolicyOptions = {
  readonly now: () => number
  readonly newId: () => string
  readonly pauses: Pauses
  /** How long an entry of the log of changes is kept, in milliseconds. */
  readonly changesMs: number
}

/** What the hook uses. */
export function hookPolicy(table: Table, options: PolicyOptions) {
  const { readPolicy, change } = openPolicy(table, options)
  return {
    readPolicy,
    saveTemplates: (changes: readonly TemplateChange[], by: Editor): Promise<TemplatesSaved> =>
      change(by, async (content): Promise<Change<TemplatesSaved>> => {
        const result = applyChanges(content.templates.map(withoutEditor), changes)
        if (result.kind === 'conflict') return { content: undefined, result }
        const all = byName(content.templates)
        await keepVersions(
          table,
          result.templates.flatMap(template => all.get(nameOfTemplate(template)) ?? []),
        )
        const { author, at: savedAt } = by
        const saved = byName(result.templates.map(template => ({ ...template, author, savedAt })))
        return { content: { ...content, templates: [...new Map([...all, ...saved]).values()] }, result }
      }),
  }
}

/** What the figures function uses. */
export function sharesPolicy(table: Table, options: PolicyOptions) {
  const { readPolicy, change } = openPolicy(table, options)
  return {
    readPolicy,
    saveRoutingPolicy: (routing: NewRoutingPolicy, by: Editor, replaces?: number): Promise<boolean> =>
      change(by, (content): Change<boolean> => {
        const { version } = content.routing
        if (replaces !== undefined && replaces !== version) return { content: undefined, result: false }
        return { content: { ...content, routing: { ...routing, version: version + 1 } }, result: true }
      }),
  }
}

/** What commands and the console change and see. */
export function policyEdits(table: Table, options: PolicyOptions) {
  const { readContent, change } = openPolicy(table, options)
  return {
    readTemplateVersions: async (of: TemplateName): Promise<readonly TemplateVersion[]> => {
      const { templates } = await readContent()
      const inForce = templates.find(template => nameOfTemplate(template) === nameOfTemplate(of))
      return inForce === undefined ? [] : [inForce, ...(await readVersionsBefore(table, inForce))]
    },
    saveRoutes: (added: readonly Route[], by: Editor): Promise<void> =>
      change(by, content => ({
        content: { ...content, routes: withRoutes(content.routes, added) },
        result: undefined,
      })),
    saveLimits: (limits: StoredPolicy['limits'], by: Editor): Promise<void> =>
      change(by, content => ({ content: { ...content, limits }, result: undefined })),
    saveFraudPolicy: (fraud: NewFraudPolicy, by: Editor, replaces?: number): Promise<boolean> =>
      change(by, (content): Change<boolean> => {
        const { version } = content.fraud
        if (replaces !== undefined && replaces !== version) return { content: undefined, result: false }
        return { content: { ...content, fraud: { ...fraud, version: version + 1 } }, result: true }
      }),
    saveRoutingPolicy: sharesPolicy(table, options).saveRoutingPolicy,
  }
}

/**
 * `PolicyStore.noteAnswers`: in the head, which the hook reads anyway. The content stays the same. Its rights in a
 * deployment end at these attributes.
 */
export async function noteAnswers(table: Table, callers: readonly string[], at: number): Promise<void> {
  const head = await readHead(table)
  if (head === undefined) return
  const next = flowsWith(head.answerFlows, callers, at)
  if (next === undefined) return
  await table.update(keys.policy, {
    update: 'SET #answerFlows = :flows, #version = :version',
    condition: '#version = :known',
    values: {
      ':flows': { S: JSON.stringify(next) },
      ':version': { N: String(head.version + 1) },
      ':known': { N: String(head.version) },
    },
  })
}

/** There is no content to change. */
type Change<T> = { readonly content: Content | undefined; readonly result: T }

function byName(templates: readonly TemplateVersion[]): ReadonlyMap<string, TemplateVersion> {
  return new Map(templates.map(template => [nameOfTemplate(template), template]))
}

function withoutEditor({ author: _, savedAt: __, ...template }: TemplateVersion): TemplateText {
  return template
}

function withoutEditors({ templates, ...content }: Content): PolicyContent {
  return { ...content, templates: templates.map(withoutEditor) }
}

function withRoutes(known: readonly Route[], added: readonly Route[]): readonly Route[] {
  return [
    ...new Map([...known, ...added].map(route => [`${route.country}/${route.channel}`, route])).values(),
  ]
}

const EMPTY: Content = {
  templates: [],
  routes: [],
  limits: defaultLimits,
  fraud: defaultFraudPolicy,
  routing: defaultRoutingPolicy,
}
const FIRST_VERSION = 1
// JSON has no undefined.
const NOT_SAID = { indiaTemplateId: undefined }
