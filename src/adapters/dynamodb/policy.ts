import type { TemplateText } from '../../core/message/template.ts'
import { type AnswerFlows, flowsWith } from '../../core/policy/answer-flow.ts'
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
import { DAY_MS, keys, secondsOf } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Item, Table } from './table.ts'
import { keepVersions, readVersionsBefore } from './template-versions.ts'

/** With author and time of each template, which only the history needs. */
type Content = Omit<StoredPolicy, 'version' | 'templates' | 'answerFlows'> & {
  readonly templates: readonly TemplateVersion[]
}
type Head = {
  readonly version: number
  readonly contentId: string
  readonly pieces: number
  readonly answerFlows?: AnswerFlows
}

const ATTEMPTS_MAX = 50

/**
 * The policy's content is stored in items that never change, and the head names the current ones. A change writes new
 * content and then moves the head, if no other change moved it first. So a change is complete or absent, and no reader
 * sees a part of it.
 */
export function policyOperations(
  table: Table,
  {
    now,
    newId,
    pauses,
  }: { readonly now: () => number; readonly newId: () => string; readonly pauses: Pauses },
) {
  const readHead = async (): Promise<Head | undefined> => headOf(await table.get(keys.policy))
  const readContent = async (head: Head | undefined): Promise<Content> => {
    if (head === undefined) return EMPTY
    const pk = { S: keys.policyPiece(head.contentId, 0).pk }
    const pieces: string[] = []
    for await (const page of table.query('#pk = :pk', { ':pk': pk }))
      pieces.push(...page.map(({ text }) => text?.S ?? ''))
    if (pieces.length !== head.pieces) throw new Error(`store: policy version ${head.version} is not whole`)
    const { templates, ...content } = JSON.parse(pieces.join('')) as Content // written below
    return { ...EMPTY, ...content, templates: templates.map(template => ({ ...NOT_SAID, ...template })) }
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
      update: 'SET #version = :version, #contentId = :contentId, #pieces = :pieces',
      condition: known === undefined ? 'attribute_not_exists(#pk)' : '#version = :known',
      values: {
        ':version': { N: String(next.version) },
        ':contentId': { S: next.contentId },
        ':pieces': { N: String(next.pieces) },
        ...(known !== undefined && { ':known': { N: String(known.version) } }),
      },
    })
    // Refused because the first write succeeded, its answer was lost, and the client repeated it.
    return moved.kind === 'changed' || (await readHead())?.contentId === next.contentId
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

  const change = async <T>(work: (content: Content) => Change<T> | Promise<Change<T>>): Promise<T> => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const known = await readHead()
      const { content, result } = await work(await readContent(known))
      if (content === undefined) return result
      const contentId = newId()
      const pieces = await write(contentId, content)
      const next = { version: (known?.version ?? FIRST_VERSION) + 1, contentId, pieces }
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
      const head = await readHead()
      const version = head?.version ?? FIRST_VERSION
      if (version === known) return undefined
      const { templates, ...content } = await readContent(head)
      const { answerFlows } = head ?? {}
      return {
        version,
        ...content,
        templates: templates.map(withoutEditor),
        ...(answerFlows !== undefined && { answerFlows }),
      }
    },
    saveTemplates: (changes: readonly TemplateChange[], by: Editor): Promise<TemplatesSaved> =>
      change(async (content): Promise<Change<TemplatesSaved>> => {
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
    readTemplateVersions: async (of: TemplateName): Promise<readonly TemplateVersion[]> => {
      const { templates } = await readContent(await readHead())
      const inForce = templates.find(template => nameOfTemplate(template) === nameOfTemplate(of))
      return inForce === undefined ? [] : [inForce, ...(await readVersionsBefore(table, inForce))]
    },
    saveRoutes: (added: readonly Route[]): Promise<void> =>
      change(content => ({
        content: { ...content, routes: withRoutes(content.routes, added) },
        result: undefined,
      })),
    noteAnswers: (callers: readonly string[], at: number) => noteAnswers(table, callers, at),
    saveLimits: (limits: StoredPolicy['limits']): Promise<void> =>
      change(content => ({ content: { ...content, limits }, result: undefined })),
    saveFraudPolicy: (fraud: NewFraudPolicy, replaces?: number): Promise<boolean> =>
      change((content): Change<boolean> => {
        const { version } = content.fraud
        if (replaces !== undefined && replaces !== version) return { content: undefined, result: false }
        return { content: { ...content, fraud: { ...fraud, version: version + 1 } }, result: true }
      }),
  }
}

/**
 * `PolicyStore.noteAnswers`: in the head, which the hook reads anyway. The content stays the same. Its rights in a
 * deployment end at these attributes.
 */
export async function noteAnswers(table: Table, callers: readonly string[], at: number): Promise<void> {
  const head = headOf(await table.get(keys.policy))
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

function headOf(item: Item | undefined): Head | undefined {
  if (item?.contentId?.S === undefined) return undefined
  const { version, contentId, pieces, answerFlows: flows } = item
  const head = { version: Number(version?.N), contentId: contentId.S, pieces: Number(pieces?.N) }
  return flows?.S === undefined ? head : { ...head, answerFlows: JSON.parse(flows.S) as AnswerFlows }
}

/** There is no content to change. */
type Change<T> = { readonly content: Content | undefined; readonly result: T }

function byName(templates: readonly TemplateVersion[]): ReadonlyMap<string, TemplateVersion> {
  return new Map(templates.map(template => [nameOfTemplate(template), template]))
}

function withoutEditor({ author: _, savedAt: __, ...template }: TemplateVersion): TemplateText {
  return template
}

function withRoutes(known: readonly Route[], added: readonly Route[]): readonly Route[] {
  return [
    ...new Map([...known, ...added].map(route => [`${route.country}/${route.channel}`, route])).values(),
  ]
}

/** Pieces of at most 400,000 bytes, the size of an item. Never splits a surrogate pair, half of which would be lost. */
function inPieces(text: string): readonly string[] {
  return text.match(/.{1,100000}/gsu) ?? []
}

const EMPTY: Content = { templates: [], routes: [], limits: defaultLimits, fraud: defaultFraudPolicy }
const FIRST_VERSION = 1
// JSON has no undefined. Tables from before versions were kept have neither author nor time.
const NOT_SAID = { indiaTemplateId: undefined, author: 'unknown', savedAt: 0 }
